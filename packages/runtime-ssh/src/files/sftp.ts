/** The sftp session of a connection, with promises and one session for all. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { FileEntryWithStats, InputAttributes, SFTPWrapper, Stats } from 'ssh2';
import type { Connection } from '../connection.ts';

type Done<Value> = (error: Error | null | undefined, value: Value) => void;

/** Gives the open session; a new one after the connection was made anew. Null where the host has no sftp. */
export class SftpSession {
  readonly #connection: Connection;
  #session: Promise<Sftp | null> | null = null;
  #isMissing = false;
  /** Of the connection when the session was opened: it may lead elsewhere by now. */
  #course = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    // A host that had none, or greeted too late, is asked again over the next connection.
    connection.watch(({ state }) => {
      if (state === 'connected' || !this.#isMissing) return;
      this.#isMissing = false;
      this.#session = null;
    });
  }

  get(): Promise<Sftp | null> {
    const { course } = this.#connection;
    if (this.#course !== course) this.#session = null;
    this.#course = course;
    this.#session ??= this.#open().catch((error: unknown) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  async close(): Promise<void> {
    (await this.#session?.catch(() => null))?.end();
  }

  async #open(): Promise<Sftp | null> {
    const { channel, release } = await this.#connection.openSession((channels) => channels.openSftp());
    if (channel === null) {
      release();
      this.#isMissing = true;
      return null;
    }
    const course = this.#course;
    const sftp = new Sftp(channel);
    sftp.onClose(() => {
      release();
      if (this.#course === course) this.#session = null;
    });
    return sftp;
  }
}

/** ssh2's sftp with promises; every call rejects with `host.connection_lost` once the session is gone. */
export class Sftp {
  readonly #sftp: SFTPWrapper;
  readonly #pending = new Set<(error: FarhandError) => void>();
  readonly #listeners: (() => void)[] = [];
  #isClosed = false;

  constructor(sftp: SFTPWrapper) {
    this.#sftp = sftp;
    const close = () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      for (const reject of this.#pending) reject(new FarhandError('host.connection_lost'));
      for (const listener of this.#listeners) listener();
    };
    sftp.on('close', close);
    sftp.on('end', close);
    // Nonsense from the host: ssh2 ends the session, and says so here.
    sftp.on('error', close);
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) queueMicrotask(listener);
    else this.#listeners.push(listener);
  }

  end(): void {
    if (!this.#isClosed) this.#sftp.end();
  }

  open = (path: string, flags: string, attributes: InputAttributes = {}) =>
    this.#call<Buffer>((done) => this.#sftp.open(path, flags as 'r', attributes, done));
  closeHandle = (handle: Buffer) => this.#call<void>((done) => this.#sftp.close(handle, done as Done<void>));
  write = (handle: Buffer, bytes: Buffer, position: number) =>
    this.#call<void>((done) =>
      this.#sftp.write(handle, bytes, 0, bytes.length, position, done as Done<void>),
    );
  stat = (path: string) => this.#call<Stats>((done) => this.#sftp.stat(path, done));
  lstat = (path: string) => this.#call<Stats>((done) => this.#sftp.lstat(path, done));
  fstat = (handle: Buffer) => this.#call<Stats>((done) => this.#sftp.fstat(handle, done));
  fchmod = (handle: Buffer, mode: number) =>
    this.#call<void>((done) => this.#sftp.fchmod(handle, mode, done as Done<void>));
  readlink = (path: string) => this.#call<string>((done) => this.#sftp.readlink(path, done));
  realpath = (path: string) => this.#call<string>((done) => this.#sftp.realpath(path, done));
  unlink = (path: string) => this.#call<void>((done) => this.#sftp.unlink(path, done as Done<void>));
  rmdir = (path: string) => this.#call<void>((done) => this.#sftp.rmdir(path, done as Done<void>));
  mkdir = (path: string) => this.#call<void>((done) => this.#sftp.mkdir(path, done as Done<void>));
  opendir = (path: string) => this.#call<Buffer>((done) => this.#sftp.opendir(path, done));
  rename = (from: string, to: string) =>
    this.#call<void>((done) => this.#sftp.rename(from, to, done as Done<void>));
  /** Replaces what is at `to`. Rejects where the host has no such extension. */
  posixRename = (from: string, to: string) =>
    this.#call<void>((done) => this.#sftp.ext_openssh_rename(from, to, done as Done<void>));
  fsync = (handle: Buffer) =>
    this.#call<void>((done) => this.#sftp.ext_openssh_fsync(handle, done as Done<void>));

  /** At most `length` bytes at `position`; empty at the end of the file. */
  async read(handle: Buffer, position: number, length: number): Promise<Buffer> {
    const target = Buffer.allocUnsafe(length);
    const count = await this.#call<number>((done) =>
      this.#sftp.read(handle, target, 0, length, position, done),
    ).catch(endAsZero);
    return target.subarray(0, Math.min(count, length));
  }

  /** The next entries of an open folder; null after the last. */
  readdir(handle: Buffer): Promise<FileEntryWithStats[] | null> {
    return this.#call<FileEntryWithStats[]>((done) => this.#sftp.readdir(handle, done)).catch(
      (error: unknown) => {
        if (statusOf(error) === STATUS_EOF) return null;
        throw error;
      },
    );
  }

  #call<Value>(start: (done: Done<Value>) => void): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new FarhandError('host.connection_lost'));
      this.#pending.add(reject);
      try {
        start((error, value) => {
          this.#pending.delete(reject);
          if (error) reject(error);
          else resolve(value);
        });
      } catch (error) {
        this.#pending.delete(reject);
        reject(error);
      }
    });
  }
}

const STATUS_EOF = 1;

/** The status code of a request that the host refused (draft-ietf-secsh-filexfer-02, section 7); null for another error. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}

function endAsZero(error: unknown): number {
  if (statusOf(error) === STATUS_EOF) return 0;
  throw error;
}
