/** The connection to one host: one state, masters behind it, and the will to come back. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState } from '@farhand/shared/model/hosts';
import { backoffMs } from './backoff.ts';
import type { Channels } from './channels.ts';
import { type ResolvedHost, resolve } from './config.ts';
import { needsAPerson } from './errors.ts';
import { type Master, type MasterOptions, startMaster } from './master.ts';
import { type Lease, MasterPool } from './master-pool.ts';

/** How long a call waits for a connection that was there before: a short drop is not seen. */
const WAIT_MS = 15_000;
/** For all of a login; ssh's own ConnectTimeout covers only its beginning. */
const LOGIN_TIMEOUT_MS = 120_000;
/** Between two tries to open a channel, for a host that ends every connection. */
const REOPEN_AFTER_MS = 100;
/** A call asks for an attempt at once, but not more often than this. */
const ASKED_ATTEMPT_GAP_MS = 1_000;

type Phase =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting' }
  | { readonly name: 'connected'; readonly latencyMs: number | null }
  | {
      readonly name: 'retrying';
      readonly attempt: number;
      readonly nextAtMs: number;
      readonly error: FarhandError;
    }
  | { readonly name: 'refused'; readonly error: FarhandError };

interface Waiter {
  readonly wake: (error: FarhandError | null) => void;
}

export class Connection {
  readonly #options: MasterOptions;
  readonly #masters: MasterPool;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #waiters = new Set<Waiter>();
  readonly #closing = new AbortController();
  #phase: Phase = { name: 'idle' };
  #resolved: ResolvedHost | null = null;
  #attempt = 0;
  #hasBeenUp = false;
  #lastAttemptAt = Number.NEGATIVE_INFINITY;
  #retryTimer: NodeJS.Timeout | null = null;

  constructor(options: MasterOptions) {
    this.#options = options;
    this.#masters = new MasterPool({ start: () => this.#startMaster(), onEmpty: () => this.#onLost() });
  }

  state(): ConnectionState {
    const phase = this.#phase;
    switch (phase.name) {
      case 'connected':
        return { state: 'connected', latencyMs: phase.latencyMs };
      case 'retrying': {
        const { code, message } = phase.error;
        return {
          state: 'retrying',
          attempt: phase.attempt,
          nextAt: new Date(phase.nextAtMs).toISOString(),
          code,
          message,
        };
      }
      case 'refused': {
        const { code, message, hint } = phase.error;
        return { state: 'refused', code, message, hint };
      }
      default:
        return { state: phase.name };
    }
  }

  watch(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A session's channel. Waits a while for a connection that is being made; throws why there is none. */
  async openSession<Channel>(open: (channels: Channels) => Promise<Channel>): Promise<Lease<Channel>> {
    const giveUpAt = performance.now() + WAIT_MS;
    for (;;) {
      await this.#up();
      try {
        return await this.#masters.openSession(open);
      } catch (error) {
        // Nothing was sent on a channel that never opened: the next connection will do as well.
        if (!FarhandError.is(error, 'host.connection_lost') || performance.now() > giveUpAt) throw error;
        await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
      }
    }
  }

  /** Channels for what is no session. */
  async channels(): Promise<Channels> {
    await this.#up();
    const channels = this.#masters.anyChannels();
    if (channels === undefined) throw this.#lost();
    return channels;
  }

  /** Tries now, after a refusal too; resolves when it is up, rejects with why not. */
  async reconnect(): Promise<void> {
    if (this.#phase.name === 'connected') return;
    if (this.#phase.name !== 'connecting') this.#connect();
    await this.#wait();
  }

  /** Ends a connection that answers nothing; what used it fails, and it is made anew. */
  drop(): void {
    void this.#masters.closeAll();
  }

  setLatency(latencyMs: number): void {
    if (this.#phase.name === 'connected') this.#enter({ name: 'connected', latencyMs });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#cancelRetry();
    this.#wake(this.#lost());
    await this.#masters.close();
    this.#enter({ name: 'idle' });
    this.#listeners.clear();
  }

  async #up(): Promise<void> {
    if (this.#closing.signal.aborted) throw this.#lost();
    switch (this.#phase.name) {
      case 'connected':
        return;
      case 'refused':
        throw this.#phase.error;
      case 'idle':
        this.#connect();
        break;
      case 'retrying':
        if (performance.now() - this.#lastAttemptAt > ASKED_ATTEMPT_GAP_MS) this.#connect();
        break;
      case 'connecting':
        break;
    }
    await this.#wait();
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      // A first login may take its time: a proxy command that wakes a machine up, for one.
      const timer = setTimeout(
        () => waiter.wake(this.#reason()),
        this.#hasBeenUp ? WAIT_MS : LOGIN_TIMEOUT_MS,
      );
      const waiter: Waiter = {
        wake: (error) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          if (error === null) resolve();
          else reject(error);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  #reason(): FarhandError {
    return 'error' in this.#phase
      ? this.#phase.error
      : new FarhandError('host.timed_out', { details: { hostId: this.#options.hostId } });
  }

  #wake(error: FarhandError | null): void {
    for (const waiter of this.#waiters) waiter.wake(error);
  }

  #connect(): void {
    this.#cancelRetry();
    this.#attempt++;
    this.#lastAttemptAt = performance.now();
    this.#enter({ name: 'connecting' });
    this.#masters.grow().then(
      () => this.#onUp(),
      (thrown: unknown) => this.#onFailed(FarhandError.from(thrown)),
    );
  }

  #onUp(): void {
    if (this.#closing.signal.aborted) return;
    this.#attempt = 0;
    this.#hasBeenUp = true;
    this.#enter({ name: 'connected', latencyMs: null });
    this.#wake(null);
  }

  #onFailed(error: FarhandError): void {
    if (this.#closing.signal.aborted) return;
    if (needsAPerson(error)) {
      this.#enter({ name: 'refused', error });
      return this.#wake(error);
    }
    this.#retryLater(error);
    // Somebody who asks for a host that was never there wants to know now, not in fifteen seconds.
    if (!this.#hasBeenUp) this.#wake(error);
  }

  #onLost(): void {
    if (this.#closing.signal.aborted) return;
    this.#attempt = 0;
    // The configuration or the name's address may be another by now.
    this.#resolved = null;
    this.#retryLater(this.#lost());
  }

  #retryLater(error: FarhandError): void {
    const delayMs = backoffMs(this.#attempt + 1);
    if (delayMs === 0) return this.#connect();
    this.#enter({ name: 'retrying', attempt: this.#attempt, nextAtMs: Date.now() + delayMs, error });
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
  }

  #cancelRetry(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
  }

  async #startMaster(): Promise<Master> {
    this.#resolved ??= await resolve(this.#options);
    const login = new AbortController();
    const timer = setTimeout(() => login.abort(), LOGIN_TIMEOUT_MS);
    try {
      return await startMaster(
        this.#options,
        this.#resolved,
        AbortSignal.any([login.signal, this.#closing.signal]),
      );
    } catch (error) {
      this.#resolved = null;
      if (login.signal.aborted) throw new FarhandError('host.timed_out', { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #lost(): FarhandError {
    return new FarhandError('host.connection_lost', { details: { hostId: this.#options.hostId } });
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    const state = this.state();
    for (const listener of this.#listeners) listener(state);
  }
}
