import { agreesAt, concatBytes } from './bytes.ts';

const LONGEST_REASON_BYTES = 64;

/**
 * Tells a refusal of our own shell text from the output of the program that it starts. Our text prints
 * `<mark><reason>\n` on stderr before any program has run, and the mark holds a nonce that no program knows.
 */
export class RefusalReader {
  #head: Uint8Array | null = new Uint8Array();
  readonly #mark: Uint8Array;
  readonly #deliver: (bytes: Uint8Array) => void | Promise<void>;

  constructor(mark: string, deliver: (bytes: Uint8Array) => void | Promise<void>) {
    this.#mark = new TextEncoder().encode(mark);
    this.#deliver = deliver;
  }

  /** Takes the next bytes of stderr; passes them on as soon as they cannot be a refusal. */
  push(bytes: Uint8Array): void | Promise<void> {
    if (this.#head === null) return this.#deliver(bytes);
    const head = concatBytes([this.#head, bytes]);
    if (agreesAt(head, 0, this.#mark) && head.length <= this.#mark.length + LONGEST_REASON_BYTES) {
      this.#head = head;
      return;
    }
    this.#head = null;
    return this.#deliver(head);
  }

  /** The reason when stderr was a refusal and nothing else, otherwise null with all bytes passed on. */
  async end(): Promise<string | null> {
    const head = this.#head;
    this.#head = null;
    if (head === null || head.length === 0) return null;
    if (head.length > this.#mark.length && head.at(-1) === 0x0a) {
      return new TextDecoder().decode(head.subarray(this.#mark.length, -1));
    }
    await this.#deliver(head);
    return null;
  }
}
