import type { MasterSlot } from './master-slot.ts';

/** sshd's default `MaxSessions`. */
const USUAL_LIMIT = 10;
/** Where the limit is only supposed, one place is left free: a refused open costs the master its life later. */
const SPARE_PLACES = 1;

/** How many sessions one master may carry: what was learned, and until then what is usual. */
export class SessionLimit {
  readonly #onLearned: (limit: number) => void;
  #known: number | null;

  constructor(known: number | null, onLearned: (limit: number) => void) {
    this.#known = known !== null && known >= 1 ? Math.floor(known) : null;
    this.#onLearned = onLearned;
  }

  get known(): number | null {
    return this.#known;
  }

  /** Sessions that are opened on a master before the next one is started. */
  get places(): number {
    return this.#known ?? USUAL_LIMIT - SPARE_PLACES;
  }

  /** Takes the limit from a master that refused a session, once every open on it was answered. */
  learnFrom(slot: MasterSlot): void {
    const limit = slot.learned();
    if (limit === null || limit === this.#known) return;
    this.#known = limit;
    this.#onLearned(limit);
  }
}
