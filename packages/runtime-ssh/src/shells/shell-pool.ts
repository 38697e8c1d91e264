/** The kept shells of one host: a few ready ones, more while commands wait, and the waiting served fairly. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Connection } from '../connection.ts';
import type { SessionUse } from '../masters/master-pool.ts';
import { KeptShell } from './kept-shell.ts';
import { Lanes } from './lanes.ts';

/** Opened at once when that many commands come together. */
const WARM_SHELLS = 4;
/** Kept ready after the first use: while one starts its next worker, another takes the next command. */
const READY_SHELLS = 3;
/** With nine sessions to a login, three logins for any number of commands; short ones gain nothing from more. */
const MAX_SHELLS = 24;
/** Shells that no lane can have alone: another's single command does not wait for long ones to end. */
const SHARED_SHELLS = 2;
/** A command that waits longer than this means that long ones hold the shells: then one more is opened. */
const GROW_AFTER_MS = 100;
const IDLE_SHELL_MS = 60_000;
const OPEN_ATTEMPTS = 3;
/** The lane of commands that name none. */
const COMMON_LANE = '';

interface Waiter {
  readonly lane: string;
  readonly take: (shell: KeptShell) => void;
  readonly refuse: (error: unknown) => void;
}

export class ShellPool {
  readonly #connection: Connection;
  /** Longest unused first: its next worker has had the most time to start. */
  readonly #idle: KeptShell[] = [];
  readonly #all = new Set<KeptShell>();
  readonly #waiters = new Lanes<Waiter>();
  /** Which lane each busy shell works for. */
  readonly #laneOf = new Map<KeptShell, string>();
  #opening = 0;
  #growTimer: NodeJS.Timeout | null = null;
  #trimTimer: NodeJS.Timeout | null = null;
  /** False once the host's login shell has shown that it starts no program of ours. */
  #login = true;
  #isClosed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A shell for one command of `lane`; give it back with `release`. Throws the signal's reason, or why none opens. */
  acquire(lane: string = COMMON_LANE, signal?: AbortSignal): Promise<KeptShell> {
    // A shell that is still there may be on its way out.
    const { refusal } = this.#connection;
    if (refusal !== null) return Promise.reject(refusal);
    const idle = this.#mayRun(lane) ? this.#nextIdle() : undefined;
    if (idle !== undefined) {
      this.#laneOf.set(idle, lane);
      return Promise.resolve(idle);
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.remove(lane, waiter);
        reject(signal?.reason);
      };
      const settle = <Value>(done: (value: Value) => void) => {
        return (value: Value) => {
          signal?.removeEventListener('abort', leave);
          done(value);
        };
      };
      const waiter: Waiter = { lane, take: settle(resolve), refuse: settle(reject) };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.push(lane, waiter);
      this.#grow();
    });
  }

  /** A shell for what watches for long. Never waits for commands to end, and is none of theirs. */
  async take(signal?: AbortSignal): Promise<KeptShell> {
    const idle = this.#nextIdle();
    const shell = idle ?? (await this.#open('single'));
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
    this.#laneOf.delete(shell);
    if (this.#isClosed) return shell.close();
    this.#idle.push(shell);
    this.#serve();
    this.#refill();
    this.#trimLater();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of [this.#growTimer, this.#trimTimer]) if (timer !== null) clearTimeout(timer);
    this.#refuseAll(new FarhandError('host.connection_lost'));
    for (const shell of this.#all) shell.close();
  }

  // A lane may have all but the last few: those are for the others, in turn.
  #mayRun = (lane: string): boolean => {
    let busy = 0;
    for (const other of this.#laneOf.values()) if (other === lane) busy++;
    return busy < MAX_SHELLS - SHARED_SHELLS;
  };

  #serve(): void {
    while (this.#waiters.hasRunnable(this.#mayRun)) {
      const shell = this.#nextIdle();
      if (shell === undefined) return;
      const waiter = this.#waiters.shift(this.#mayRun) as Waiter;
      this.#laneOf.set(shell, waiter.lane);
      waiter.take(shell);
    }
  }

  #nextIdle(): KeptShell | undefined {
    let shell = this.#idle.shift();
    while (shell?.isClosed) shell = this.#idle.shift();
    return shell;
  }

  #grow(): void {
    const wanted = Math.min(this.#waiters.size - this.#opening, WARM_SHELLS - this.#all.size - this.#opening);
    for (let count = 0; count < wanted; count++) this.#openOne();
    if (this.#growTimer !== null) return;
    this.#growTimer = setTimeout(() => {
      this.#growTimer = null;
      if (this.#waiters.size === 0) return;
      const isWanted = this.#all.size === 0 || this.#waiters.hasRunnable(this.#mayRun);
      if (isWanted && this.#opening === 0 && this.#all.size < MAX_SHELLS) this.#openOne();
      this.#grow();
    }, GROW_AFTER_MS);
  }

  #refill(): void {
    if (!this.#isClosed && this.#opening === 0 && this.#all.size < READY_SHELLS) this.#openOne();
  }

  #openOne(): void {
    this.#opening++;
    this.#open('command').then(
      (shell) => {
        this.#opening--;
        this.#all.add(shell);
        shell.onClose(() => this.#forget(shell));
        this.release(shell);
      },
      (error: unknown) => {
        this.#opening--;
        // With other shells alive the commands only wait longer. On a host that gives none of use no other will do: while
        // several wait, there might always be one that is just being opened.
        const isLast = this.#opening === 0 || FarhandError.is(error, 'host.shell_unusable');
        if (this.#all.size === 0 && isLast) this.#refuseAll(error);
      },
    );
  }

  async #open(use: SessionUse): Promise<KeptShell> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#openAsLogin(use);
      } catch (error) {
        // Lost before it was ready: no command of anybody's was on it.
        const isWorthAnother =
          FarhandError.is(error, 'host.connection_lost') && attempt < OPEN_ATTEMPTS && !this.#isClosed;
        if (!isWorthAnother) throw error;
      }
    }
  }

  async #openAsLogin(use: SessionUse): Promise<KeptShell> {
    if (!this.#login) return KeptShell.open(this.#connection, { login: false, use });
    try {
      return await KeptShell.open(this.#connection, { login: true, use });
    } catch (error) {
      if (!FarhandError.is(error, 'host.shell_unusable')) throw error;
      // Start-up files that hang or replace the shell: without them commands still run.
      const shell = await KeptShell.open(this.#connection, { login: false, use });
      this.#login = false;
      return shell;
    }
  }

  #forget(shell: KeptShell): void {
    this.#all.delete(shell);
    this.#laneOf.delete(shell);
    const idleAt = this.#idle.indexOf(shell);
    if (idleAt >= 0) this.#idle.splice(idleAt, 1);
    if (this.#waiters.size > 0) this.#grow();
    else if (this.#connection.state().state === 'connected') this.#refill();
  }

  #refuseAll(error: unknown): void {
    for (const waiter of this.#waiters.takeAll()) waiter.refuse(error);
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
