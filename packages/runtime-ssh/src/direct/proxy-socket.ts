/** A connection through a program: the system's ssh to a jump host, or the person's own ProxyCommand. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';

export interface ProxyCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** This process's when absent. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

const STDERR_LIMIT = 16 * 1024;
const KILL_AFTER_MS = 1_000;
/** Its last words may come after its output has ended, and after itself. */
const LAST_WORDS_MS = 200;

/** The program's input and output as one stream; `carrying` tells of its first bytes. Destroyed, it ends the program and all that it started. */
export class ProxySocket extends Duplex {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<void>;
  #stderr = '';
  #isGone = false;
  #hasEnded = false;
  #bytesRead = 0;

  constructor({ program, args, environment }: ProxyCommand) {
    super({ allowHalfOpen: false });
    // A group of its own: a shell's children end with it, and a Ctrl-C in our terminal is not for them.
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      env: environment,
    });
    this.#child = child;
    // Before all that could throw: without a free descriptor there are no streams, and its error must not go unheard.
    child.once('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(0, STDERR_LIMIT);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.#bytesRead === 0) this.emit('carrying');
      this.#bytesRead += chunk.length;
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdout.once('end', () => {
      this.#hasEnded = true;
      this.push(null);
    });
    // What cannot be written is told by the end of the program.
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on('error', () => {});
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#isGone = true;
        this.#stderr += `${program}: ${error.message}`;
        this.push(null);
        resolve();
      });
      child.once('exit', () => {
        this.#isGone = true;
        const timer = setTimeout(resolve, LAST_WORDS_MS);
        child.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    });
  }

  /** Resolves when the program is gone and its words are read. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** As a net.Socket counts. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** What it wrote to its standard error, at most 16 KiB. */
  get stderr(): string {
    return this.#stderr;
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const { stdin } = this.#child;
    if (!stdin.writable) return done();
    stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    // One that hangs up is about to say why.
    if (this.#hasEnded) setTimeout(() => this.#signal('SIGTERM'), LAST_WORDS_MS);
    else this.#signal('SIGTERM');
    setTimeout(() => this.#signal('SIGKILL'), KILL_AFTER_MS);
    done(error);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#isGone) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It ended between the look and now.
    }
  }
}
