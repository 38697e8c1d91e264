import { CR, foldLetter, isBlank, isPassedOver, LF, MAX_GAP, unfoldedLetters } from './encoded-letters.ts';
import { createMatcher, type Matcher } from './matcher.ts';

/** A word to look for. */
export interface Word {
  readonly text: string;
  /** True for base64 and hex, which may be broken over lines. */
  readonly isEncoded: boolean;
}

/** An occurrence of a word, by its index. `start` may be before the held text, which was given out already. */
export interface Found {
  readonly word: number;
  readonly start: number;
  readonly end: number;
}

interface Part {
  readonly matcher: Matcher;
  /** Of two letters that no word begins with: 0. Nearly all text is passed by a look at this. */
  readonly beginnings: Uint8Array;
  /** Of each word of the matcher: its index among all. */
  readonly words: readonly number[];
}

/** Words, compiled to be searched for in any number of streams. */
export interface FinderTable {
  readonly plain: Part | null;
  readonly encoded: Part | null;
  readonly lengths: readonly number[];
}

/** Compiles them; none of them is empty. */
export function compileWords(words: readonly Word[]): FinderTable {
  const partOf = (isEncoded: boolean): Part | null => {
    const chosen = words.flatMap((word, index) => (word.isEncoded === isEncoded ? [index] : []));
    if (chosen.length === 0) return null;
    const texts = chosen.map((index) => words[index]?.text ?? '');
    return { matcher: createMatcher(texts), beginnings: beginningsOf(texts, isEncoded), words: chosen };
  };
  return { plain: partOf(false), encoded: partOf(true), lengths: words.map(({ text }) => text.length) };
}

/**
 * Searches one stream, piece by piece. The caller holds its last letters; all places are counted in that held text, and
 * what lies at or behind `openFrom` has to be held on.
 */
export class Finder {
  readonly #table: FinderTable;
  #plain = 0;
  #encoded = 0;
  /** Letters passed over right before the next. */
  #gap = 0;

  constructor(table: FinderTable) {
    this.#table = table;
  }

  /** Takes the held letters from `from` on, and tells of the longest word of either sort that ends at each. */
  take(held: string, from: number, found: (one: Found) => void): void {
    this.#takePlain(held, from, found);
    this.#takeEncoded(held, from, found);
  }

  /** Where a word may have begun that is not whole yet; the end of the text where none has. */
  openFrom(held: string): number {
    const { plain, encoded } = this.#table;
    const depth = plain?.matcher.depth(this.#plain) ?? 0;
    const letters = encoded?.matcher.depth(this.#encoded) ?? 0;
    return Math.min(held.length - depth, startOf(held, held.length, letters));
  }

  /** Begins anew: what comes does not go on with what was. */
  reset(): void {
    this.#plain = 0;
    this.#encoded = 0;
    this.#gap = 0;
  }

  #takePlain(held: string, from: number, found: (one: Found) => void): void {
    const { plain, lengths } = this.#table;
    if (!plain) return;
    const { matcher, beginnings, words } = plain;
    let state = this.#plain;
    for (let place = from; place < held.length; place += 1) {
      if (state === 0) place = skip(held, place, beginnings);
      state = matcher.next(state, held.charCodeAt(place));
      if (state === 0) continue;
      const ending = matcher.ending(state);
      if (ending < 0) continue;
      const word = words[ending] ?? 0;
      found({ word, start: place + 1 - (lengths[word] ?? 0), end: place + 1 });
    }
    this.#plain = state;
  }

  #takeEncoded(held: string, from: number, found: (one: Found) => void): void {
    const { encoded, lengths } = this.#table;
    if (!encoded) return;
    const { matcher, beginnings, words } = encoded;
    let state = this.#encoded;
    let gap = this.#gap;
    for (let place = from; place < held.length; place += 1) {
      if (state === 0) place = skip(held, place, beginnings);
      const letter = held.charCodeAt(place);
      if (state !== 0 && gap < MAX_GAP && isPassedOver(letter, gap)) {
        gap += 1;
        continue;
      }
      gap = 0;
      state = matcher.next(state, foldLetter(letter));
      if (state === 0) continue;
      const ending = matcher.ending(state);
      if (ending < 0) continue;
      const word = words[ending] ?? 0;
      found({ word, start: startOf(held, place + 1, lengths[word] ?? 0), end: place + 1 });
    }
    this.#encoded = state;
    this.#gap = gap;
  }
}

/** The next place where a word may begin, or the last one of the text. */
function skip(held: string, from: number, beginnings: Uint8Array): number {
  const last = held.length - 1;
  let place = from;
  for (let letter = held.charCodeAt(place); place < last; place += 1) {
    const next = held.charCodeAt(place + 1);
    if (beginnings[pairOf(letter, next)] === 1) return place;
    letter = next;
  }
  return place;
}

const PAIRS = 0x1_0000;
// Of letters beyond latin1 several share a place, which only costs a look.
const pairOf = (first: number, second: number) => ((first << 8) ^ second) & (PAIRS - 1);

function beginningsOf(words: readonly string[], isEncoded: boolean): Uint8Array {
  const beginnings = new Uint8Array(PAIRS);
  const breaks = isEncoded ? [LF, CR] : [];
  const same = (letter: number) => (isEncoded ? unfoldedLetters(letter) : [letter]);
  for (const word of words)
    for (const first of same(word.charCodeAt(0)))
      for (const second of [...same(word.charCodeAt(1)), ...breaks]) beginnings[pairOf(first, second)] = 1;
  return beginnings;
}

/** Where the last `letters` letters before `end` begin, those that are passed over not counted. */
function startOf(held: string, end: number, letters: number): number {
  let place = end;
  for (let left = letters; left > 0 && place > 0; ) {
    place -= 1;
    if (!isBlank(held.charCodeAt(place))) left -= 1;
  }
  return place;
}
