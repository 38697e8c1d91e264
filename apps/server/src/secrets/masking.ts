import { createMatcher, type Matcher } from './matcher.ts';

/** A text to look for, and what to show in its place. */
export interface Mask {
  readonly text: string;
  readonly label: string;
}

/** Takes text in pieces and gives it back with every occurrence covered. `push` may hold back a piece of the end. */
export interface MaskStream {
  push(chunk: string): string;
  /** What was held back. */
  end(): string;
  /**
   * What another stream has to be given, and what that gives for it thrown away, to go on where this one is. It may hold
   * a secret.
   */
  rest(): string;
}

/** Covered letters, from `start` up to `end`, counted from the stream's start. */
interface Cover {
  start: number;
  end: number;
  /** Index of the longest mask found in it. */
  mask: number;
}

/**
 * Streams that cover every occurrence of every mask, also across the borders of chunks. Occurrences that overlap are
 * covered as one, under the label of the longest. What is held back is never longer than the longest mask, and only
 * where the text may be the beginning of one.
 */
export function createMasking(masks: readonly Mask[]): () => MaskStream {
  const matcher = createMatcher(masks.map((mask) => mask.text));
  return () => new Masking(masks, matcher);
}

class Masking implements MaskStream {
  readonly #masks: readonly Mask[];
  readonly #matcher: Matcher;
  readonly #longest: number;
  /** The last of the covered letters that are gone while their label waits. */
  #gone = '';
  /** Text not given out yet; its first letter is number `#given`. */
  #held = '';
  #given = 0;
  #state = 0;
  /** Ascending, apart from each other. */
  #covers: Cover[] = [];

  constructor(masks: readonly Mask[], matcher: Matcher) {
    this.#masks = masks;
    this.#matcher = matcher;
    this.#longest = Math.max(0, ...masks.map(({ text }) => text.length));
  }

  push(chunk: string): string {
    const from = this.#given + this.#held.length;
    this.#held += chunk;
    const matcher = this.#matcher;
    let state = this.#state;
    for (let place = 0; place < chunk.length; place += 1) {
      state = matcher.next(state, chunk.charCodeAt(place));
      if (state === 0) continue;
      const mask = matcher.ending(state);
      if (mask >= 0) this.#cover(mask, from + place + 1);
    }
    this.#state = state;
    return this.#give(from + chunk.length - matcher.depth(state));
  }

  end(): string {
    this.#state = 0;
    return this.#give(this.#given + this.#held.length);
  }

  rest(): string {
    return this.#gone + this.#held;
  }

  #cover(mask: number, end: number): void {
    const found: Cover = { start: end - this.#lengthOf(mask), end, mask };
    for (let last = this.#covers.at(-1); last && last.end > found.start; last = this.#covers.at(-1)) {
      this.#covers.pop();
      found.start = Math.min(found.start, last.start);
      if (this.#lengthOf(last.mask) >= this.#lengthOf(found.mask)) found.mask = last.mask;
    }
    this.#covers.push(found);
  }

  // No later occurrence begins before `safe`, so that covers which end there are whole.
  #give(safe: number): string {
    const out: string[] = [];
    for (let first = this.#covers[0]; first && first.start < safe; first = this.#covers[0]) {
      out.push(this.#take(first.start));
      // An occurrence that overlaps this one may still come: its letters go, its label waits.
      this.#gone = (this.#gone + this.#take(Math.min(first.end, safe))).slice(-2 * this.#longest);
      if (first.end > safe) return out.join('');
      this.#gone = '';
      out.push(this.#masks[first.mask]?.label ?? '');
      this.#covers.shift();
    }
    out.push(this.#take(safe));
    return out.join('');
  }

  #take(until: number): string {
    const count = Math.max(0, until - this.#given);
    const text = this.#held.slice(0, count);
    this.#held = this.#held.slice(count);
    this.#given += count;
    return text;
  }

  #lengthOf(mask: number): number {
    return this.#masks[mask]?.text.length ?? 0;
  }
}
