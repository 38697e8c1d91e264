import type { Master } from './master.ts';
import type { SessionUse } from './master-pool.ts';

const IDLE_MASTER_MS = 60_000;
/** The host counts a session until the program in it has ended, which is a little after its channel has closed. */
const SETTLE_MS = 100;
/** After an unexpected refusal: something that just ended may still be counted. */
const REFUSED_AGAIN_MS = 500;

export interface MasterSlotOptions {
  /** A place is free again, maybe. */
  readonly onRoom: () => void;
  /** True where the master may close when nothing uses it. */
  readonly isSpare: () => boolean;
}

/** One master and the sessions on it. */
export class MasterSlot {
  readonly master: Master;
  readonly #options: MasterSlotOptions;
  readonly #inUse: Record<SessionUse, number> = { command: 0, single: 0 };
  #opening = 0;
  /** Sessions that the host has confirmed and that have not ended. */
  #confirmed = 0;
  #wasRefused = false;
  /** True once a session ended: then a refusal may be about its remains. */
  #hasEnded = false;
  #isFull = false;
  #idleTimer: NodeJS.Timeout | null = null;

  constructor(master: Master, options: MasterSlotOptions) {
    this.master = master;
    this.#options = options;
    // Whoever wanted it may have found a place elsewhere by now.
    this.#closeLater();
  }

  /** Open or being opened; the ones that ended a moment ago included. */
  get sessions(): number {
    return this.#inUse.command + this.#inUse.single;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** True for a master on which the host opens no session at all. */
  get isBarren(): boolean {
    return this.#wasRefused && this.#opening === 0 && this.#confirmed === 0 && !this.#hasEnded;
  }

  inUse(use: SessionUse): number {
    return this.#inUse[use];
  }

  begin(use: SessionUse): void {
    this.#inUse[use]++;
    this.#opening++;
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }

  confirm(): void {
    this.#opening--;
    this.#confirmed++;
  }

  /** The opening failed; `isRefusal` where the host has no more sessions on this master. */
  fail(use: SessionUse, isRefusal: boolean): void {
    this.#opening--;
    this.#inUse[use]--;
    if (isRefusal) {
      this.#wasRefused = true;
      this.#isFull = true;
      if (this.#hasEnded) setTimeout(() => this.#reopen(), REFUSED_AGAIN_MS).unref();
    }
    this.#options.onRoom();
    if (this.sessions === 0) this.#closeLater();
  }

  /** A confirmed session's channel has closed. */
  end(use: SessionUse): void {
    this.#confirmed--;
    this.#hasEnded = true;
    setTimeout(() => {
      this.#inUse[use]--;
      this.#reopen();
      if (this.sessions === 0) this.#closeLater();
    }, SETTLE_MS).unref();
  }

  /** How many sessions this master took before it refused one; null where it refused none, or that cannot be told. */
  learned(): number | null {
    const isTelling = this.#wasRefused && this.#opening === 0 && !this.#hasEnded && this.#confirmed > 0;
    return isTelling ? this.#confirmed : null;
  }

  /** The master is gone. */
  leave(): void {
    this.#isFull = true;
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
  }

  #reopen(): void {
    this.#isFull = false;
    this.#options.onRoom();
  }

  #closeLater(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      // One master stays: the next command must not wait for a login.
      if (this.sessions === 0 && this.#options.isSpare()) void this.master.close();
    }, IDLE_MASTER_MS);
    this.#idleTimer.unref();
  }
}

/** True where one more session may be opened. */
export function isFree(slot: MasterSlot, places: number): boolean {
  return !slot.isFull && slot.sessions < places;
}
