/** The connection to one host: one state, masters behind it, and the will to come back. */
import { isDeepStrictEqual } from 'node:util';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type {
  ConnectionMethod,
  ConnectionState,
  HostAddress,
  HostQuestion,
} from '@farhand/shared/model/hosts';
import type { HostAccess } from '@farhand/shared/runtime/port';
import { type ResolvedHost, resolve } from './config.ts';
import { backoffMs } from './connection/backoff.ts';
import { type Phase, stateOf } from './connection/connection-phase.ts';
import { Waiters } from './connection/waiters.ts';
import { needsAPerson } from './errors.ts';
import type { Channels } from './masters/channels.ts';
import { LOGIN_TIMEOUT_MS, type LoggedIn, logIn } from './masters/login.ts';
import type { MasterOptions } from './masters/master.ts';
import { type Lease, MasterPool, type SessionUse } from './masters/master-pool.ts';
import { AnswerMemory } from './questions/questions-memory.ts';

/** How long a call waits for a connection that was there before: a short drop is not seen. */
const WAIT_MS = 15_000;
/** Between two tries to open a channel, for a host that ends every connection. */
const REOPEN_AFTER_MS = 100;
/** A call asks for an attempt at once, but not more often than this. */
const ASKED_ATTEMPT_GAP_MS = 1_000;
/** A connection that lived for so long was a good one. */
const STEADY_AFTER_MS = 10_000;
/** So many short-lived ones in a row are made anew at once; then with pauses, that a host which ends each is not hammered. */
const SHORT_LIVES = 3;
/** Four seconds: it does let us in. */
const MOST_PAUSES = 4;

export interface ConnectionOptions extends MasterOptions {
  /** `master` when absent. */
  readonly method?: ConnectionMethod;
  /** Nothing connects, and every call throws it, until `setAccess` says otherwise. */
  readonly refusal?: FarhandError;
  /** Sessions that one master may carry, known from before. */
  readonly sessionLimit?: number | null;
  /** Called when another number was learned. */
  readonly onSessionLimit?: (limit: number) => void;
  /** Asked before each login: added to `environment` for ssh and its ProxyCommand. */
  readonly loginEnvironment?: () => Readonly<Record<string, string>>;
}

export class Connection {
  #options: ConnectionOptions;
  readonly #masters: MasterPool;
  #memory: AnswerMemory;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #waiters = new Waiters();
  readonly #closing = new AbortController();
  #phase: Phase = { name: 'idle' };
  #method: ConnectionMethod;
  #resolved: ResolvedHost | null = null;
  #address: HostAddress | null = null;
  #refusal: FarhandError | null;
  /** Counts how often it was told to lead elsewhere, or by another method: a login of before is for nothing. */
  #course = 0;
  #attempt = 0;
  #hasBeenUp = false;
  #upAt = Number.NEGATIVE_INFINITY;
  /** Connections in a row that were lost soon. */
  #shortLives = 0;
  #lastAttemptAt = Number.NEGATIVE_INFINITY;
  #retryTimer: NodeJS.Timeout | null = null;
  /** Ends the login under way; null between two. */
  #login: AbortController | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#method = options.method ?? 'master';
    this.#memory = memoryOf(options);
    this.#refusal = options.refusal ?? null;
    if (this.#refusal !== null) this.#phase = { name: 'refused', error: this.#refusal };
    this.#masters = new MasterPool({
      start: (isFirst) => this.#startMaster(isFirst),
      onEmpty: () => this.#onLost(),
      sessionLimit: options.sessionLimit ?? null,
      onSessionLimit: (limit) => options.onSessionLimit?.(limit),
    });
  }

  get method(): ConnectionMethod {
    return this.#method;
  }

  get sessionLimit(): number | null {
    return this.#masters.sessionLimit;
  }

  /** Where it leads, as ssh resolved it last; null before. */
  get address(): HostAddress | null {
    return this.#address;
  }

  /** Another number when it leads elsewhere: what was opened before must not be used any more, though it may still be open. */
  get course(): number {
    return this.#course;
  }

  /** Why nothing may connect; null as a rule. */
  get refusal(): FarhandError | null {
    return this.#refusal;
  }

  get masters(): MasterPool {
    return this.#masters;
  }

  state(): ConnectionState {
    return stateOf(this.#phase);
  }

  watch(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A session's channel. Waits a while for a connection that is being made; throws why there is none. What many
   * commands share is of use `command`: it leaves places for what there is one of.
   */
  async openSession<Channel>(
    open: (channels: Channels) => Promise<Channel>,
    use: SessionUse = 'single',
  ): Promise<Lease<Channel>> {
    const giveUpAt = performance.now() + WAIT_MS;
    for (;;) {
      await this.#up();
      try {
        return await this.#masters.openSession(open, use);
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
    if (this.#closing.signal.aborted) throw this.#lost();
    if (this.#refusal !== null) throw this.#refusal;
    if (!this.#isLoggingIn()) this.#connect();
    await this.#wait();
  }

  /**
   * Connects the other way from now on; a connection that is up, or under way, is made anew. Resolves when the old one is
   * gone.
   */
  async setMethod(method: ConnectionMethod): Promise<void> {
    if (method === this.#method) return;
    this.#method = method;
    this.#course++;
    this.#login?.abort();
    if (this.#phase.name === 'connected') await this.#masters.closeAll();
    else if (this.#phase.name === 'refused' || this.#phase.name === 'retrying') this.#connect();
  }

  /** See the port. */
  setAccess(access: HostAccess): void {
    if (this.#closing.signal.aborted) return;
    if ('refusal' in access) return this.#refuse(access.refusal);
    const { destination } = access;
    const wasRefused = this.#refusal !== null;
    const isElsewhere = !isDeepStrictEqual(destination, this.#options.destination);
    if (!wasRefused && !isElsewhere) return;
    this.#options = { ...this.#options, destination };
    this.#refusal = null;
    // An answer that was kept is for the place it was given for.
    this.#memory = memoryOf(this.#options);
    this.#leaveCourse();
    // Nothing that was learned of the place before holds; it is made anew once the old one is gone.
    if (this.#phase.name === 'connected') this.#enter({ name: 'connecting' });
    if (this.#phase.name !== 'refused' && this.#phase.name !== 'retrying') return;
    if (wasRefused && !this.#hasBeenUp) this.#enter({ name: 'idle' });
    else this.#connect();
  }

  /** See the port. */
  letGo(): void {
    if (this.#phase.name !== 'retrying') return;
    const { error } = this.#phase;
    this.#cancelRetry();
    this.#attempt = 0;
    this.#enter({ name: 'idle' });
    this.#waiters.wake(error);
  }

  /** The network is another than before: what could not be reached may be reached now. */
  networkReturned(): void {
    if (this.#phase.name === 'retrying') this.#connect();
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
    this.#waiters.wake(this.#lost());
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
      case 'asking':
        break;
    }
    await this.#wait();
  }

  #isLoggingIn(): boolean {
    return this.#phase.name === 'connecting' || this.#phase.name === 'asking';
  }

  #wait(): Promise<void> {
    return this.#waiters.wait({
      // A first login may take its time: a proxy command that wakes a machine up, for one.
      timeoutMs: this.#hasBeenUp ? WAIT_MS : LOGIN_TIMEOUT_MS,
      // A person's question has its own limit.
      isHeld: () => this.#phase.name === 'asking',
      reason: () => this.#reason(),
    });
  }

  #reason(): FarhandError {
    return 'error' in this.#phase
      ? this.#phase.error
      : new FarhandError('host.timed_out', { details: { hostId: this.#options.hostId } });
  }

  #connect(): void {
    this.#cancelRetry();
    this.#attempt++;
    this.#lastAttemptAt = performance.now();
    this.#enter({ name: 'connecting' });
    const course = this.#course;
    this.#masters.grow().then(
      () => this.#onUp(),
      (thrown: unknown) => {
        if (this.#refusal !== null) return;
        if (course !== this.#course && !this.#closing.signal.aborted) this.#connect();
        else this.#onFailed(FarhandError.from(thrown));
      },
    );
  }

  #onUp(): void {
    if (this.#closing.signal.aborted || this.#refusal !== null) return;
    // It was lost again while its promise was on the way here: that has been told.
    if (this.#masters.size === 0) return this.#onLost();
    this.#attempt = 0;
    this.#hasBeenUp = true;
    this.#upAt = performance.now();
    this.#enter({ name: 'connected', latencyMs: null });
    this.#waiters.wake(null);
  }

  #onFailed(error: FarhandError): void {
    if (this.#closing.signal.aborted) return;
    if (needsAPerson(error)) {
      this.#enter({ name: 'refused', error });
      return this.#waiters.wake(error);
    }
    this.#retryLater(error);
    // Somebody who asks for a host that was never there wants to know now, not in fifteen seconds.
    if (!this.#hasBeenUp) this.#waiters.wake(error);
  }

  #onLost(): void {
    if (this.#closing.signal.aborted || this.#refusal !== null) return;
    this.#shortLives = performance.now() - this.#upAt < STEADY_AFTER_MS ? this.#shortLives + 1 : 0;
    this.#attempt = Math.min(MOST_PAUSES, Math.max(0, this.#shortLives - SHORT_LIVES));
    // The configuration or the name's address may be another by now.
    this.#resolved = null;
    this.#retryLater(this.#lost());
  }

  #refuse(error: FarhandError): void {
    this.#refusal = error;
    this.#leaveCourse();
    this.#cancelRetry();
    this.#enter({ name: 'refused', error });
    this.#waiters.wake(error);
  }

  #leaveCourse(): void {
    this.#course++;
    this.#resolved = null;
    this.#address = null;
    this.#shortLives = 0;
    this.#login?.abort();
    void this.#masters.closeAll();
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

  async #startMaster(isFirst: boolean): Promise<LoggedIn> {
    if (this.#refusal !== null) throw this.#refusal;
    const login = new AbortController();
    this.#login = login;
    const course = this.#course;
    try {
      const resolved = this.#resolved ?? (await resolve(this.#options));
      login.signal.throwIfAborted();
      this.#resolved = resolved;
      const { hostname, port, user } = resolved;
      this.#address = { hostname, port, user };
      const loggedIn = await logIn({
        options: this.#loginOptions(),
        resolved,
        method: this.#method,
        memory: this.#memory,
        isQuiet: !isFirst,
        signal: AbortSignal.any([login.signal, this.#closing.signal]),
        onWaiting: (question) => this.#onWaiting(question),
      });
      if (course === this.#course) return loggedIn;
      await loggedIn.master.close();
      throw this.#lost();
    } catch (error) {
      this.#resolved = null;
      throw error;
    } finally {
      if (this.#login === login) this.#login = null;
    }
  }

  #loginOptions(): ConnectionOptions {
    const { environment, loginEnvironment } = this.#options;
    if (environment === undefined || loginEnvironment === undefined) return this.#options;
    return { ...this.#options, environment: { ...environment, ...loginEnvironment() } };
  }

  #onWaiting(question: HostQuestion | null): void {
    if (!this.#isLoggingIn() || this.#closing.signal.aborted) return;
    this.#enter(question === null ? { name: 'connecting' } : { name: 'asking', question });
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

function memoryOf({ hostId, destination }: ConnectionOptions): AnswerMemory {
  return new AnswerMemory(destination ? `${hostId} ${JSON.stringify(destination)}` : hostId);
}
