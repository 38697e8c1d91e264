/** The kept shells of one host: a few ready ones, more while commands wait, first come first served. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Connection } from './connection.ts';
import { KeptShell } from './kept-shell.ts';

/** Opened at once when that many commands come together. */
const WARM_SHELLS = 4;
/** Kept ready after the first use: while one starts its next worker, another takes the next command. */
const READY_SHELLS = 3;
const MAX_SHELLS = 48;
/** A command that waits longer than this means that long ones hold the shells: then one more is opened. */
const GROW_AFTER_MS = 100;
const IDLE_SHELL_MS = 60_000;
const OPEN_ATTEMPTS = 3;

interface Waiter {
  readonly take: (shell: KeptShell) => void;
  readonly refuse: (error: unknown) => void;
}

export class ShellPool {
  readonly #connection: Connection;
  /** Longest unused first: its next worker has had the most time to start. */
  readonly #idle: KeptShell[] = [];
  readonly #all = new Set<KeptShell>();
  readonly #waiters: Waiter[] = [];
  #opening = 0;
  #growTimer: NodeJS.Timeout | null = null;
  #trimTimer: NodeJS.Timeout | null = null;
  /** False once the host's login shell has shown that it starts no program of ours. */
  #login = true;
  #isClosed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A shell for one command; give it back with `release`. Throws the signal's reason, or why none opens. */
  acquire(signal?: AbortSignal): Promise<KeptShell> {
    const idle = this.#nextIdle();
    if (idle !== undefined) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { take: settle(resolve), refuse: settle(reject) };
      const leave = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      function settle<Value>(done: (value: Value) => void) {
        return (value: Value) => {
          signal?.removeEventListener('abort', leave);
          done(value);
        };
      }
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      this.#grow();
    });
  }

  /** A shell for a command that uses it up. Never waits for other commands to end. */
  async take(signal?: AbortSignal): Promise<KeptShell> {
    const idle = this.#nextIdle();
    const shell = idle ?? (await this.#open());
    if (signal?.aborted) {
      this.#all.add(shell);
      this.release(shell);
      signal.throwIfAborted();
    }
    this.#all.delete(shell);
    this.#refill();
    return shell;
  }

  /** Makes the shell free for the next command. */
  release(shell: KeptShell): void {
    if (shell.isClosed || !this.#all.has(shell)) return;
    if (this.#isClosed) return shell.close();
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) return waiter.take(shell);
    this.#idle.push(shell);
    this.#refill();
    this.#trimLater();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of [this.#growTimer, this.#trimTimer]) if (timer !== null) clearTimeout(timer);
    this.#refuseAll(new FarhandError('host.connection_lost'));
    for (const shell of this.#all) shell.close();
  }

  #nextIdle(): KeptShell | undefined {
    let shell = this.#idle.shift();
    while (shell?.isClosed) shell = this.#idle.shift();
    return shell;
  }

  #grow(): void {
    const wanted = Math.min(
      this.#waiters.length - this.#opening,
      WARM_SHELLS - this.#all.size - this.#opening,
    );
    for (let count = 0; count < wanted; count++) this.#openOne();
    if (this.#growTimer !== null) return;
    this.#growTimer = setTimeout(() => {
      this.#growTimer = null;
      if (this.#waiters.length === 0) return;
      if (this.#opening === 0 && this.#all.size < MAX_SHELLS) this.#openOne();
      this.#grow();
    }, GROW_AFTER_MS);
  }

  #refill(): void {
    if (!this.#isClosed && this.#opening === 0 && this.#all.size < READY_SHELLS) this.#openOne();
  }

  #openOne(): void {
    this.#opening++;
    this.#open().then(
      (shell) => {
        this.#opening--;
        this.#all.add(shell);
        shell.onClose(() => this.#forget(shell));
        this.release(shell);
      },
      (error: unknown) => {
        this.#opening--;
        // With other shells alive the commands only wait longer.
        if (this.#all.size === 0 && this.#opening === 0) this.#refuseAll(error);
      },
    );
  }

  async #open(): Promise<KeptShell> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#openAsLogin();
      } catch (error) {
        // Lost before it was ready: no command of anybody's was on it.
        const isWorthAnother =
          FarhandError.is(error, 'host.connection_lost') && attempt < OPEN_ATTEMPTS && !this.#isClosed;
        if (!isWorthAnother) throw error;
      }
    }
  }

  async #openAsLogin(): Promise<KeptShell> {
    if (!this.#login) return KeptShell.open(this.#connection, { login: false });
    try {
      return await KeptShell.open(this.#connection, { login: true });
    } catch (error) {
      if (!FarhandError.is(error, 'host.shell_unusable')) throw error;
      // Start-up files that hang or replace the shell: without them commands still run.
      const shell = await KeptShell.open(this.#connection, { login: false });
      this.#login = false;
      return shell;
    }
  }

  #forget(shell: KeptShell): void {
    this.#all.delete(shell);
    if (this.#waiters.length > 0) this.#grow();
  }

  #refuseAll(error: unknown): void {
    for (const waiter of this.#waiters.splice(0)) waiter.refuse(error);
  }

  #trimLater(): void {
    if (this.#trimTimer !== null || this.#all.size <= WARM_SHELLS) return;
    this.#trimTimer = setTimeout(() => {
      this.#trimTimer = null;
      const spare = Math.min(this.#idle.length, this.#all.size - WARM_SHELLS);
      for (const shell of this.#idle.splice(this.#idle.length - Math.max(0, spare))) shell.close();
    }, IDLE_SHELL_MS);
    this.#trimTimer.unref();
  }
}
