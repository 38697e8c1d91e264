import { agreesAt, concatBytes } from '../bytes.ts';

const LONGEST_STATUS_BYTES = 64;
/** The first line may also say why a job did not start. */
const LONGEST_HEADER_BYTES = 1024;
const NEWLINE = 0x0a;

/**
 * Takes an attach script's stdout apart: its first line, the job's bytes, and the trailer after them. The trailer's
 * mark holds a nonce, so that nothing a program prints is taken for it; only bytes that may begin it are held back.
 */
export class AttachReader {
  /** The first line, once it is there. */
  header: string | null = null;
  /** What stands after the mark, once all has been pushed. */
  status: string | null = null;
  #held: Uint8Array = new Uint8Array();
  readonly #mark: Uint8Array;

  constructor(mark: string) {
    this.#mark = new TextEncoder().encode(mark);
  }

  /** The job's own bytes among `bytes` and those held back so far; often just `bytes`. */
  push(bytes: Uint8Array): Uint8Array {
    let rest = this.#held.length === 0 ? bytes : concatBytes([this.#held, bytes]);
    if (this.header === null) {
      const end = rest.indexOf(NEWLINE);
      if (end < 0 || end > LONGEST_HEADER_BYTES) {
        this.#held = rest.subarray(0, LONGEST_HEADER_BYTES + 1);
        return new Uint8Array();
      }
      this.header = new TextDecoder().decode(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    const at = this.#trailerAt(rest);
    this.#held = rest.slice(at);
    return rest.subarray(0, at);
  }

  /** Ends the reading; gives held bytes that turned out to be the job's. */
  end(): Uint8Array {
    const held = this.#held;
    this.#held = new Uint8Array();
    const text = held.subarray(this.#mark.length);
    if (held.length <= this.#mark.length || !agreesAt(held, 0, this.#mark) || text.at(-1) !== NEWLINE)
      return held;
    this.status = new TextDecoder().decode(text.subarray(0, -1));
    return new Uint8Array();
  }

  // The mark begins with a byte that is rare in output, so this looks at few places.
  #trailerAt(bytes: Uint8Array): number {
    const first = this.#mark[0] ?? 0;
    let at = bytes.indexOf(first, Math.max(0, bytes.length - this.#mark.length - LONGEST_STATUS_BYTES));
    while (at >= 0 && !agreesAt(bytes, at, this.#mark)) at = bytes.indexOf(first, at + 1);
    return at < 0 ? bytes.length : at;
  }
}
