/** Files as a job in the sandbox sees them: everything is done inside, so that no link leads out at any moment. */
import { randomBytes } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type {
  DirectoryEntry,
  ExecOptions,
  FileKind,
  FileStat,
  Files,
  Runtime,
} from '@farhand/shared/runtime/port';
import { accessOf, isInside, type Place } from '../plan/places.ts';
import { fileErrorOf, refusedPath } from './errors.ts';
import { FILES_SCRIPT } from './script.ts';

const LARGEST_WHOLE_BYTES = 64 * 1024 * 1024;
const DEFAULT_LIST_LIMIT = 10_000;
const KINDS: Readonly<Record<string, FileKind>> = { f: 'file', d: 'directory', l: 'symlink' };

/** Null while there is no sandbox. */
export type Inside = () => Promise<{
  readonly places: readonly Place[];
  readonly exec: Runtime['exec'];
} | null>;

export function sandboxedFiles(files: Files, inside: Inside): Files {
  const run = async (path: string, work: (sandbox: Sandbox) => Promise<unknown>) => {
    const found = await inside();
    return found === null ? null : { result: await work(new Sandbox(found, checked(path))) };
  };
  // Each falls back to what is outside, which is the whole of it where there is no sandbox.
  const either = async <Result>(
    path: string,
    work: (sandbox: Sandbox) => Promise<Result>,
    outside: () => Promise<Result>,
  ): Promise<Result> => {
    const done = await run(path, work);
    return done === null ? await outside() : (done.result as Result);
  };
  return {
    read: (path, options) =>
      either(
        path,
        (sandbox) => sandbox.read(options),
        () => files.read(path, options),
      ),
    write: (path, bytes, options) =>
      either(
        path,
        (sandbox) => sandbox.write(bytes, options?.mode),
        () => files.write(path, bytes, options),
      ),
    list: (path, options) =>
      either(
        path,
        (sandbox) => sandbox.list(options?.limit),
        () => files.list(path, options),
      ),
    stat: (path) =>
      either(
        path,
        (sandbox) => sandbox.stat(),
        () => files.stat(path),
      ),
    realpath: (path) =>
      either(
        path,
        (sandbox) => sandbox.realpath(),
        () => files.realpath(path),
      ),
    remove: (path, options) =>
      either(
        path,
        (sandbox) => sandbox.remove(options?.recursive ?? false),
        () => files.remove(path, options),
      ),
  };
}

function checked(path: string): string {
  if (path.startsWith('/') && !path.includes('\0')) return path;
  throw new FarhandError('request.invalid', {
    message: 'A path on a host is absolute and holds no NUL.',
    details: { path },
  });
}

/** One path in one sandbox. */
class Sandbox {
  readonly #places: readonly Place[];
  readonly #exec: Runtime['exec'];
  readonly #path: string;

  constructor({ places, exec }: { places: readonly Place[]; exec: Runtime['exec'] }, path: string) {
    this.#places = places;
    this.#exec = exec;
    this.#path = path;
  }

  async read({ offset = 0, limit }: { offset?: number; limit?: number } = {}): Promise<Uint8Array> {
    this.#expectSeen();
    return await this.#run(['read', String(offset), limit === undefined ? '' : String(limit)], {
      maxOutputBytes: Math.max(LARGEST_WHOLE_BYTES, limit ?? 0) + 1,
    });
  }

  async write(bytes: Uint8Array, mode?: number): Promise<void> {
    this.#expectWritten();
    const given = mode === undefined ? '' : mode.toString(8);
    const nonce = randomBytes(8).toString('hex');
    await this.#run(['write', String(bytes.byteLength), nonce, given], { stdin: bytes });
  }

  async list(limit = DEFAULT_LIST_LIMIT): Promise<DirectoryEntry[]> {
    this.#expectSeen();
    return parseEntries(await this.#run(['list']))
      .toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
      .slice(0, limit);
  }

  async stat(): Promise<FileStat> {
    this.#expectSeen();
    const [entry] = parseEntries(await this.#run(['stat']));
    if (!entry) throw new FarhandError('file.failed', { details: { path: this.#path } });
    const { name: _, ...stat } = entry;
    return stat;
  }

  async realpath(): Promise<string> {
    return new TextDecoder().decode(await this.#run(['realpath']));
  }

  async remove(isRecursive: boolean): Promise<void> {
    this.#expectWritten();
    await this.#run(['remove', isRecursive ? 'all' : '']);
  }

  #expectSeen(): void {
    if (!this.#isSeen(this.#path)) throw refusedPath(this.#path, 'is hidden');
  }

  #expectWritten(): void {
    this.#expectSeen();
    const access = accessOf(this.#places, this.#path);
    if (access !== 'write' && access !== 'own') throw refusedPath(this.#path, 'is read-only');
  }

  // What leads to a place that is shown is there, too. What is in an empty folder would be gone with the one look.
  #isSeen(path: string): boolean {
    const access = accessOf(this.#places, path);
    const isShown = access === 'read' || access === 'write' || access === 'own';
    return isShown || this.#places.some((one) => isInside(path, one.path));
  }

  async #run(
    [what, ...rest]: readonly [string, ...string[]],
    options: ExecOptions = {},
  ): Promise<Uint8Array> {
    const argv = ['sh', '-c', FILES_SCRIPT, 'farhand', what, this.#path, ...rest] as const;
    const { outcome, stdout, stderr } = await this.#exec({ argv }, { cwd: '/', ...options });
    if (outcome.kind === 'exited' && outcome.code === 0) return stdout;
    const { error, at } = fileErrorOf(new TextDecoder().decode(stderr), this.#path);
    // A link to what is hidden leads to nothing inside.
    throw at !== null && !this.#isSeen(at) ? refusedPath(this.#path, 'is hidden') : error;
  }
}

function parseEntries(bytes: Uint8Array): DirectoryEntry[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\0')
    .flatMap((line) => {
      const [, kind, size, mode, modified, name] =
        /^(\S) (\d+) ([0-7]+) (\d+(?:\.\d+)?) (.*)$/s.exec(line) ?? [];
      if (kind === undefined || name === undefined) return [];
      return [
        {
          name,
          kind: KINDS[kind] ?? 'other',
          sizeBytes: Number(size),
          mode: Number.parseInt(mode ?? '0', 8),
          modifiedAtMs: Number(modified) * 1000,
        },
      ];
    });
}
