/** The masters of one host, and how many sessions each carries. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { Waiters } from '../connection/waiters.ts';
import type { Channels } from './channels.ts';
import type { LoggedIn } from './login.ts';
import { isFree, MasterSlot } from './master-slot.ts';
import { SessionLimit } from './session-limit.ts';

const MAX_MASTERS = 16;
/** For what there is one of (the shell that ends commands, files, the live output of jobs): commands never take these. */
const RESERVED_PLACES = 4;
/** Refusals in a row before one session's opening gives up: each may be the one that teaches the limit. */
const MAX_REFUSALS = 6;
/** How long a session waits for a place where no further master can be had. */
const PLACE_WAIT_MS = 30_000;
/** After a login that failed beside masters that work: they serve, and it is tried again when more are wanted then. */
const GROW_AGAIN_AFTER_MS = 5_000;

/** `command`: one of many alike; `single`: what there is one of. */
export type SessionUse = 'command' | 'single';

/** A session's channel; `release` gives its place back, once it is closed. */
export interface Lease<Channel> {
  readonly channel: Channel;
  release(): void;
}

export interface MasterPoolOptions {
  /** Makes one more master; called one at a time. Only the first may ask a person. */
  readonly start: (isFirst: boolean) => Promise<LoggedIn>;
  /** The last master is gone. */
  readonly onEmpty: () => void;
  /** Sessions per master, as learned before. */
  readonly sessionLimit: number | null;
  readonly onSessionLimit: (limit: number) => void;
}

/**
 * Logins come one at a time, so this connection is never more than one of MaxStartups. Where a login needed an answer
 * of a person that nobody keeps, there is no second one: the sessions of the first are shared, and the rest wait.
 */
export class MasterPool {
  readonly #options: MasterPoolOptions;
  readonly #limit: SessionLimit;
  readonly #slots: MasterSlot[] = [];
  readonly #waiters = new Waiters();
  #growing: Promise<void> | null = null;
  /** False where a further login would have to ask a person. */
  #canRepeatLogin = true;
  #growAgainAt = Number.NEGATIVE_INFINITY;
  #growError: unknown = null;
  #isClosed = false;

  constructor(options: MasterPoolOptions) {
    this.#options = options;
    this.#limit = new SessionLimit(options.sessionLimit, options.onSessionLimit);
  }

  get size(): number {
    return this.#slots.length;
  }

  /** Null until it was learned. */
  get sessionLimit(): number | null {
    return this.#limit.known;
  }

  get slots(): readonly MasterSlot[] {
    return this.#slots;
  }

  /** Starts the first master; the same promise for all who ask meanwhile. */
  grow(): Promise<void> {
    this.#growing ??= this.#startOne().finally(() => {
      this.#growing = null;
    });
    return this.#growing;
  }

  /** Opens a session where there is room, on a new master if need be. `host.sessions_exhausted`, or why no master starts. */
  async openSession<Channel>(
    open: (channels: Channels) => Promise<Channel>,
    use: SessionUse,
  ): Promise<Lease<Channel>> {
    for (let refusals = 1; ; refusals++) {
      const slot = await this.#placeFor(use);
      try {
        const channel = await open(slot.master.channels);
        slot.confirm();
        this.#limit.learnFrom(slot);
        return { channel, release: once(() => slot.end(use)) };
      } catch (error) {
        slot.fail(use, FarhandError.is(error, 'host.sessions_exhausted'));
        this.#limit.learnFrom(slot);
        const isWorthAnother = FarhandError.is(error, 'host.sessions_exhausted') && refusals < MAX_REFUSALS;
        if (!isWorthAnother || slot.isBarren) throw error;
      }
    }
  }

  /** Any connection, for channels that are no sessions. Undefined where there is none. */
  anyChannels(): Channels | undefined {
    // The youngest carries the fewest, as a rule: bulk stays off what people type on.
    return this.#slots.at(-1)?.master.channels;
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.master.close()));
  }

  /** Closes what is there and what is still being started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.closeAll();
    await this.#growing?.catch(() => {});
  }

  /** A master on which one place is taken now, in the same step as it was seen to be free. */
  async #placeFor(use: SessionUse): Promise<MasterSlot> {
    const giveUpAt = performance.now() + PLACE_WAIT_MS;
    for (;;) {
      if (this.#slots.length === 0) throw new FarhandError('host.connection_lost');
      const places = this.#limit.places;
      const free = this.#slots.find((slot) => isFree(slot, places));
      if (free !== undefined && (use === 'single' || this.#leavesEnough(places))) {
        free.begin(use);
        return free;
      }
      if (free === undefined && this.#canGrow()) await this.#growMore();
      else
        await this.#waiters.wait({ timeoutMs: giveUpAt - performance.now(), reason: () => this.#noRoom() });
    }
  }

  #canGrow(): boolean {
    return this.#slots.length < MAX_MASTERS && this.#canRepeatLogin && performance.now() >= this.#growAgainAt;
  }

  // Beside masters that work a login that fails is no failure of the command: it waits for a place.
  async #growMore(): Promise<void> {
    try {
      await this.grow();
    } catch (error) {
      this.#growError = error;
      this.#growAgainAt = performance.now() + GROW_AGAIN_AFTER_MS;
      if (FarhandError.is(error, 'host.needs_input')) this.#canRepeatLogin = false;
      else setTimeout(() => this.#waiters.wake(null), GROW_AGAIN_AFTER_MS).unref();
    }
  }

  /** True where a command may take a place: one more would be left for each thing there is one of. */
  #leavesEnough(places: number): boolean {
    const singles = this.#slots.reduce((sum, slot) => sum + slot.inUse('single'), 0);
    const commands = this.#slots.reduce((sum, slot) => sum + slot.inUse('command'), 0);
    const masters = this.#canRepeatLogin ? MAX_MASTERS : this.#slots.length;
    // On a host with next to no places commands must still get one.
    return commands === 0 || masters * places - singles - commands > Math.max(0, RESERVED_PLACES - singles);
  }

  #noRoom(): FarhandError {
    if (this.#canRepeatLogin) return new FarhandError('host.sessions_exhausted', { cause: this.#growError });
    return new FarhandError('host.sessions_exhausted', {
      message:
        'One connection to this host carries no more sessions, and a second one would have to ask again.',
      hint: 'Let the answer be remembered, or load the key into your ssh agent, then reconnect.',
    });
  }

  async #startOne(): Promise<void> {
    const isFirst = this.#slots.length === 0;
    let loggedIn: LoggedIn;
    try {
      loggedIn = await this.#options.start(isFirst);
    } catch (error) {
      // The last master went meanwhile: now this login is the first, and may ask.
      if (!isFirst && this.#slots.length === 0 && !this.#isClosed) return await this.#startOne();
      throw error;
    }
    const { master, canRepeat } = loggedIn;
    if (this.#isClosed) return master.close();
    this.#canRepeatLogin = canRepeat && (isFirst || this.#canRepeatLogin);
    if (isFirst) this.#growAgainAt = Number.NEGATIVE_INFINITY;
    const slot = new MasterSlot(master, {
      onRoom: () => this.#waiters.wake(null),
      isSpare: () => this.#slots[0] !== slot,
    });
    this.#slots.push(slot);
    // Before its process is seen to end: no new channel may be asked of it.
    master.channels.onClose(() => {
      slot.leave();
      this.#slots.splice(this.#slots.indexOf(slot), 1);
      this.#waiters.wake(null);
      if (this.#slots.length === 0 && !this.#isClosed) this.#options.onEmpty();
    });
    this.#waiters.wake(null);
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}
