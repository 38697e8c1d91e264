/** The masters of one host, and how many sessions each carries. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Channels } from './channels.ts';
import type { Master } from './master.ts';

/** sshd's default `MaxSessions`. */
const USUAL_SESSION_LIMIT = 10;
/** Where the limit is only supposed, one place is left free: a refused open costs the master its life later. */
const SPARE_SESSIONS = 1;
const MAX_MASTERS = 16;
const IDLE_MASTER_MS = 60_000;
const MAX_REFUSALS = 3;

interface Slot {
  readonly master: Master;
  /** Sessions that are open or being opened. */
  sessions: number;
  /** Of these, the ones the host has confirmed. */
  confirmed: number;
  isFull: boolean;
  idleTimer: NodeJS.Timeout | null;
}

/** A session's channel; `release` gives its place back, once it is closed. */
export interface Lease<Channel> {
  readonly channel: Channel;
  release(): void;
}

export interface MasterPoolOptions {
  /** Makes one more master; called one at a time. */
  readonly start: () => Promise<Master>;
  /** The last master is gone. */
  readonly onEmpty: () => void;
}

export class MasterPool {
  readonly #options: MasterPoolOptions;
  readonly #slots: Slot[] = [];
  #growing: Promise<void> | null = null;
  #learnedLimit: number | null = null;
  #isClosed = false;

  constructor(options: MasterPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#slots.length;
  }

  /** Starts the first master; the same promise for all who ask meanwhile. */
  grow(): Promise<void> {
    this.#growing ??= this.#startOne().finally(() => {
      this.#growing = null;
    });
    return this.#growing;
  }

  /** Opens a session where there is room, on a new master if need be. `host.sessions_exhausted`, or why no master starts. */
  async openSession<Channel>(open: (channels: Channels) => Promise<Channel>): Promise<Lease<Channel>> {
    for (let refusals = 0; ; ) {
      const slot = await this.#slotWithRoom();
      occupy(slot);
      try {
        const channel = await open(slot.master.channels);
        slot.confirmed++;
        return { channel, release: once(() => this.#vacate(slot, true)) };
      } catch (error) {
        this.#vacate(slot, false);
        if (!FarhandError.is(error, 'host.sessions_exhausted')) throw error;
        this.#learn(slot);
        if (++refusals >= MAX_REFUSALS || slot.confirmed === 0) throw error;
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

  async #slotWithRoom(): Promise<Slot> {
    for (;;) {
      const free = this.#slots.find((slot) => !slot.isFull && slot.sessions < this.#usable());
      if (free !== undefined) return free;
      if (this.#slots.length >= MAX_MASTERS) throw new FarhandError('host.sessions_exhausted');
      await this.grow();
    }
  }

  async #startOne(): Promise<void> {
    const master = await this.#options.start();
    if (this.#isClosed) return master.close();
    const slot: Slot = { master, sessions: 0, confirmed: 0, isFull: false, idleTimer: null };
    this.#slots.push(slot);
    // Before its process is seen to end: no new channel may be asked of it.
    master.channels.onClose(() => {
      if (slot.idleTimer !== null) clearTimeout(slot.idleTimer);
      this.#slots.splice(this.#slots.indexOf(slot), 1);
      if (this.#slots.length === 0 && !this.#isClosed) this.#options.onEmpty();
    });
  }

  #usable(): number {
    return this.#learnedLimit ?? USUAL_SESSION_LIMIT - SPARE_SESSIONS;
  }

  #learn(slot: Slot): void {
    slot.isFull = true;
    this.#learnedLimit = Math.max(1, Math.min(this.#usable(), slot.confirmed));
  }

  #vacate(slot: Slot, wasConfirmed: boolean): void {
    slot.sessions--;
    if (!wasConfirmed || !this.#slots.includes(slot)) return;
    slot.confirmed--;
    slot.isFull = false;
    if (slot.sessions > 0) return;
    slot.idleTimer = setTimeout(() => {
      // One master stays: the next command must not wait for a login.
      if (slot.sessions === 0 && this.#slots.length > 1) void slot.master.close();
    }, IDLE_MASTER_MS);
    slot.idleTimer.unref();
  }
}

function occupy(slot: Slot): void {
  slot.sessions++;
  if (slot.idleTimer !== null) clearTimeout(slot.idleTimer);
  slot.idleTimer = null;
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}
