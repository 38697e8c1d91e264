import { stripVTControlCharacters } from 'node:util';

/** Keeps the beginning and the end of a text that may be endless, in bounded memory. */
export class MiddleCut {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  #head = '';
  #tail = '';
  #length = 0;

  /** Limits in UTF-16 units. */
  constructor(headLimit: number, tailLimit: number) {
    this.#headLimit = headLimit;
    this.#tailLimit = tailLimit;
  }

  push(text: string): void {
    this.#length += text.length;
    const room = this.#headLimit - this.#head.length;
    this.#head += text.slice(0, Math.max(0, room));
    if (text.length <= room) return;
    this.#tail += text.slice(Math.max(0, room));
    // Cut now and then, not at each piece.
    if (this.#tail.length > 2 * this.#tailLimit) this.#tail = this.#tail.slice(-this.#tailLimit);
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** True once something is left out. */
  get isCut(): boolean {
    return this.#length - this.#head.length > this.#tailLimit;
  }

  /** The whole, or head and tail with `note` between them. */
  text(note: (omitted: number) => string): string {
    if (!this.isCut) return this.#head + this.#tail;
    const tail = this.#tail.slice(-this.#tailLimit);
    return `${this.#head}\n${note(this.#length - this.#head.length - tail.length)}\n${tail}`;
  }
}

/** What a person would read on the screen: no escapes, and of a line that was drawn over only the last drawing. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replace(/^[^\n]*\r(?=[^\n])/gm, '');
}

/** At most `head` and `tail` characters of a text, with `note` between where something is left out. */
export function cutMiddle(
  text: string,
  limits: { head: number; tail: number },
  note: (omitted: number) => string,
): string {
  const omitted = text.length - limits.head - limits.tail;
  if (omitted <= 0) return text;
  return `${text.slice(0, limits.head)}\n${note(omitted)}\n${text.slice(text.length - limits.tail)}`;
}
