import { compileWords, Finder, type FinderTable, type Found, type Word } from './finder.ts';

/** A text to look for, and what to show in its place. */
export interface Mask extends Word {
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
 * covered as one, under the label of the longest. What is held back is never longer than the longest mask with the line
 * breaks in it, and only where the text may be the beginning of one.
 */
export function createMasking(masks: readonly Mask[]): () => MaskStream {
  const table = compileWords(masks);
  return () => new Masking(masks, table);
}

class Masking implements MaskStream {
  readonly #masks: readonly Mask[];
  readonly #finder: Finder;
  readonly #longest: number;
  /** The last of the covered letters that are gone while their label waits. */
  #gone = '';
  /** Text not given out yet; its first letter is number `#given`. */
  #held = '';
  #given = 0;
  /** Ascending, apart from each other. */
  #covers: Cover[] = [];

  constructor(masks: readonly Mask[], table: FinderTable) {
    this.#masks = masks;
    this.#finder = new Finder(table);
    this.#longest = table.lengths.reduce((most, length) => Math.max(most, length), 0);
  }

  push(chunk: string): string {
    const from = this.#held.length;
    this.#held += chunk;
    this.#finder.take(this.#held, from, (found) => this.#cover(found));
    return this.#give(this.#given + this.#finder.openFrom(this.#held));
  }

  end(): string {
    this.#finder.reset();
    return this.#give(this.#given + this.#held.length);
  }

  rest(): string {
    return this.#gone + this.#held;
  }

  #cover({ word, start, end }: Found): void {
    const found: Cover = { start: this.#given + start, end: this.#given + end, mask: word };
    // Plain and encoded words are looked for one after the other, so an earlier place may come later.
    let at = this.#covers.length;
    while (at > 0 && (this.#covers[at - 1]?.start ?? 0) >= found.end) at -= 1;
    for (let last = this.#covers[at - 1]; last && last.end > found.start; last = this.#covers[at - 1]) {
      at -= 1;
      this.#covers.splice(at, 1);
      found.start = Math.min(found.start, last.start);
      found.end = Math.max(found.end, last.end);
      if (this.#lengthOf(last.mask) >= this.#lengthOf(found.mask)) found.mask = last.mask;
    }
    this.#covers.splice(at, 0, found);
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
