/** One kept shell: a channel whose keeper runs one command after the other. */
import { randomBytes } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { LIBRARY } from '@farhand/shared/runtime/library';
import type { ClientChannel } from 'ssh2';
import type { Connection } from '../connection.ts';
import type { SessionUse } from '../masters/master-pool.ts';
import { LoginEnvironment, type Turn } from './login-environment.ts';
import { ASK_LOGIN } from './login-program.ts';
import { MarkerScanner } from './markers.ts';
import { environmentLine, keeperCommand, libraryLines, type RunMode, runLines } from './shell-program.ts';

/** More than the start-up files are given to tell their environment (login-program.ts). */
const READY_TIMEOUT_MS = 20_000;
/** What a start-up file may print before we take the shell for unusable. */
const MAX_NOISE_BYTES = 1024 * 1024;

export interface ShellCommand {
  readonly script: string;
  readonly mode: RunMode;
  readonly onStdout: (bytes: Buffer) => void | Promise<void>;
  readonly onStderr: (bytes: Buffer) => void | Promise<void>;
  /** The command runs, as leader of the process group `pid`, which was there at `knownAtMs` by this machine's clock. */
  readonly onStart?: (pid: number, knownAtMs: number) => void;
}

const NO_LOGIN: Turn = { kind: 'known', text: '' };

interface Running {
  readonly stdout: MarkerScanner;
  readonly stderr: MarkerScanner;
  readonly fail: (error: unknown) => void;
}

interface Opened {
  /** What it prints when it takes commands. */
  readonly ready: string;
  readonly release: () => void;
  readonly isStale: () => boolean;
}

export class KeptShell {
  readonly #channel: ClientChannel;
  readonly #ready: string;
  readonly #listeners: (() => void)[] = [];
  /** Reads what comes between two commands: the pid of the next worker. */
  #between: MarkerScanner;
  /** Of the worker that waits; null while it is still starting. */
  #nextPid: number | null = null;
  #nextPidAtMs = 0;
  #running: Running | null = null;
  /** True once the connection leads elsewhere: this shell is of the place before. */
  readonly #isStale: () => boolean;
  #isClosed = false;
  /** We have closed it, and the host has not yet. */
  #isClosing = false;

  private constructor(channel: ClientChannel, { ready, release, isStale }: Opened) {
    this.#channel = channel;
    this.#ready = ready;
    this.#isStale = isStale;
    this.#between = this.#readNextPid();
    channel.on('close', () => {
      release();
      this.#isClosed = true;
      this.#running?.fail(new FarhandError('host.connection_lost'));
      for (const listener of this.#listeners) listener();
    });
    // A failed write tells itself by `close`.
    channel.on('error', () => {});
    this.#pump(channel, (bytes) => (this.#running?.stdout ?? this.#between).push(bytes));
    this.#pump(channel.stderr, (bytes) => this.#running?.stderr.push(bytes));
  }

  /** A shell that is ready for its first command. `host.shell_unusable`, and what keeps a session from opening. */
  static async open(
    connection: Connection,
    options: { readonly login: boolean; readonly use?: SessionUse },
  ): Promise<KeptShell> {
    const keeper = keeperCommand(newNonce());
    const { channel, release } = await connection.openSession(
      (channels) => channels.openExec(keeper.command),
      options.use,
    );
    const { course } = connection;
    const isStale = () => connection.course !== course;
    const shell = new KeptShell(channel, { ready: keeper.ready, release, isStale });
    channel.write(libraryLines(keeper, LIBRARY));
    let turn: Turn = NO_LOGIN;
    const ready = shell.#untilReady(keeper.command, (text) => turn.kind === 'ask' && turn.tell(text));
    ready.catch(() => {});
    if (options.login) turn = await LoginEnvironment.of(connection).turn();
    // Bytes as they came: a path need not be UTF-8.
    channel.write(environmentLine(turn.kind === 'known' ? turn.text : ASK_LOGIN), 'latin1');
    try {
      await ready;
    } catch (error) {
      shell.close();
      throw error;
    } finally {
      if (turn.kind === 'ask') turn.giveUp();
    }
    return shell;
  }

  get isClosed(): boolean {
    return this.#isClosed || this.#isClosing || this.#isStale();
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) queueMicrotask(listener);
    else this.#listeners.push(listener);
  }

  /**
   * Runs one command and gives the status of its shell, after all its output was taken and its group is gone. Only after
   * mode `none` is the shell good for another. Rejects with `host.connection_lost`, or what a callback threw.
   */
  run(command: ShellCommand): Promise<number> {
    // A character that output hardly ever ends with: such an end is held back, as it may begin the marker.
    const nonce = `\x1e${newNonce()}`;
    return new Promise<number>((resolve, reject) => {
      if (this.isClosed) return reject(new FarhandError('host.connection_lost'));
      let status: number | null = null;
      let streamsOpen = 2;
      const endStream = () => {
        if (--streamsOpen > 0) return;
        this.#running = null;
        resolve(status as number);
      };
      let pid = this.#nextPid;
      this.#nextPid = null;
      const onStdoutMarker = (text: string) => {
        if (pid === null) {
          pid = wholeNumber(text);
          return command.onStart?.(pid, Date.now());
        }
        status = wholeNumber(text);
        this.#between = this.#readNextPid();
        endStream();
      };
      const stdout = new MarkerScanner(pid === null ? [this.#ready, nonce] : [nonce], {
        // Before the worker is there nothing can be the command's.
        onData: (bytes) => (pid === null ? undefined : command.onStdout(bytes)),
        onMarker: onStdoutMarker,
        onRest: (bytes) => void this.#between.push(bytes),
      });
      this.#running = {
        stdout,
        stderr: new MarkerScanner([nonce], { onData: command.onStderr, onMarker: endStream }),
        fail: reject,
      };
      this.#channel.write(runLines(nonce, command.mode, command.script));
      if (pid === null) void stdout.push(this.#between.takeHeld());
      else command.onStart?.(pid, this.#nextPidAtMs);
    });
  }

  /** Sends the stdin of a command of mode `input`, slowly where the host reads slowly. Ends early when the shell closes. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.isClosed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#channel.removeListener('close', done);
        resolve();
      };
      this.#channel.once('close', done);
      this.#channel.write(bytes, done);
    });
  }

  /** End of the channel's input: of a command's stdin, of a lasting command, or of an idle keeper. */
  end(): void {
    if (!this.isClosed) this.#channel.end();
  }

  close(): void {
    if (this.isClosed) return;
    this.#isClosing = true;
    this.#channel.end();
    this.#channel.close();
  }

  #setNextPid(text: string): void {
    this.#nextPid = wholeNumber(text);
    this.#nextPidAtMs = Date.now();
  }

  #untilReady(command: string, onEnvironment: (text: string) => void): Promise<void> {
    let noise = '';
    let environment: string | null = null;
    let waiting = 2;
    return new Promise<void>((resolve, reject) => {
      const unusable = (message: string) =>
        reject(new FarhandError('host.shell_unusable', { message, details: { output: printable(noise) } }));
      const timer = setTimeout(
        () => unusable('The shell on the host did not become ready.'),
        READY_TIMEOUT_MS,
      );
      const onNoise = (bytes: Buffer) => {
        // What comes until the channel is closed is read by nobody.
        if (noise.length > MAX_NOISE_BYTES) return;
        noise += bytes.toString('latin1');
        if (noise.length > MAX_NOISE_BYTES) unusable('The start-up files of the host print without end.');
      };
      const endStream = () => {
        if (--waiting > 0) return;
        clearTimeout(timer);
        this.#running = null;
        resolve();
      };
      const onStdout = (bytes: Buffer) => {
        // Apart from the noise, which is told in errors: values in it may be secret.
        if (environment === null) {
          onNoise(bytes);
          if (noise.length > MAX_NOISE_BYTES) return;
          // A forced command such as `cat`, which would go on for ever.
          if (noise.includes(command))
            unusable('The host sends back what it is to run: is a command forced there?');
          return;
        }
        environment += bytes.toString('latin1');
        if (environment.length > MAX_NOISE_BYTES) unusable('The environment on the host is too large.');
      };
      const onMarker = (text: string) => {
        if (text === 'begin') environment = '';
        else if (text === 'end') onEnvironment(environment ?? '');
        else {
          this.#setNextPid(text);
          endStream();
        }
      };
      const fail = () => {
        clearTimeout(timer);
        const words = printable(noise);
        if (words === '') reject(new FarhandError('host.connection_lost'));
        else unusable(`The host gives no shell, but says: ${words}`);
      };
      // Two of them around the environment, where it is asked for, and the pid of the first worker.
      const markers = [this.#ready, this.#ready, this.#ready];
      const stdout = new MarkerScanner(markers, { onData: onStdout, onMarker });
      const stderr = new MarkerScanner([this.#ready], { onData: onNoise, onMarker: endStream });
      this.#running = { stdout, stderr, fail };
    });
  }

  #readNextPid(): MarkerScanner {
    let noiseBytes = 0;
    return new MarkerScanner([this.#ready], {
      // What a daemon of some command still prints; a host that prints without end is not listened to.
      onData: (bytes) => {
        noiseBytes += bytes.length;
        if (noiseBytes > MAX_NOISE_BYTES) this.close();
      },
      onMarker: (text) => {
        this.#setNextPid(text);
      },
    });
  }

  #pump(stream: NodeJS.ReadableStream, push: (bytes: Buffer) => void | Promise<void>): void {
    stream.on('data', (bytes: Buffer) => {
      try {
        const holding = push(bytes);
        if (holding === undefined) return;
        stream.pause();
        holding.then(
          () => stream.resume(),
          (error: unknown) => this.#break(error),
        );
      } catch (error) {
        this.#break(error);
      }
    });
  }

  // The reader of the output failed: nobody is left to give the rest to.
  #break(error: unknown): void {
    this.#running?.fail(error);
    this.close();
  }
}

function newNonce(): string {
  return randomBytes(16).toString('hex');
}

function wholeNumber(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number))
    throw new FarhandError('host.shell_unusable', { message: 'The kept shell answered nonsense.' });
  return number;
}

function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 300);
}
