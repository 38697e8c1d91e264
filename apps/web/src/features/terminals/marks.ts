import { limitMarks } from '../../client/marks.ts';

/** The first byte of any combining mark in UTF-8 (U+0300 is CC 80); text below it holds none. */
const FIRST_LEAD = 0xcc;

/** Output whose letters carry no more marks than can be drawn. Keeps a character that is cut between two calls. */
export class MarkLimit {
  #decoder: TextDecoder | null = null;

  push(bytes: Uint8Array): Uint8Array {
    if (this.#decoder === null) {
      const isCut = (bytes.at(-1) ?? 0) >= 0x80;
      if (!isCut && !bytes.some((byte) => byte >= FIRST_LEAD)) return bytes;
      this.#decoder = new TextDecoder();
    }
    const text = this.#decoder.decode(bytes, { stream: true });
    return new TextEncoder().encode(limitMarks(text));
  }
}
