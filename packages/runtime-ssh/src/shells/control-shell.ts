/** A shell kept apart from the commands, so that there is always one to end them and to see if the host answers. */
import type { Connection } from '../connection.ts';
import { KeptShell } from './kept-shell.ts';

/** What runs here takes no time: a shell that does not answer by then is replaced. */
const ANSWER_TIMEOUT_MS = 10_000;

export class ControlShell {
  readonly #connection: Connection;
  #open: KeptShell | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Signals a process group on the host; one that is gone is left alone. */
  signalGroup(pid: number, signal: 'TERM' | 'KILL'): Promise<void> {
    return this.#run(`kill -${signal} -${pid} 2>/dev/null`);
  }

  /** What a short script prints. */
  async ask(script: string): Promise<string> {
    const printed: Buffer[] = [];
    await this.#run(script, (bytes) => void printed.push(bytes));
    return Buffer.concat(printed).toString('latin1');
  }

  /** Opens the shell where it is not open, so that it is there when it is needed. */
  async warm(): Promise<void> {
    if (this.#open === null || this.#open.isClosed) await this.#run(':');
  }

  // One at a time: that is all a shell can do, and these are short.
  #run(script: string, onStdout: (bytes: Buffer) => void = () => {}): Promise<void> {
    const next = this.#last.then(async () => {
      const shell = await this.#ready();
      const giveUp = setTimeout(() => shell.close(), ANSWER_TIMEOUT_MS);
      try {
        await shell.run({ script, mode: 'none', onStdout, onStderr: () => {} });
      } finally {
        clearTimeout(giveUp);
      }
    });
    this.#last = next.catch(() => {});
    return next;
  }

  async #ready(): Promise<KeptShell> {
    if (this.#open === null || this.#open.isClosed) {
      this.#open = await KeptShell.open(this.#connection, { login: false });
    }
    return this.#open;
  }
}
