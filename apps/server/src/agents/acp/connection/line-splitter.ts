/** One line of an agent's output. `text` is null for one that is too long to be kept. */
export interface Line {
  /** Where it begins, and where the one after it does, in bytes of the output. */
  readonly from: number;
  readonly to: number;
  readonly text: string | null;
}

const NEWLINE = 0x0a;

/** Cuts output into lines, wherever its pieces are cut; keeps at most `longest` bytes of one that has not ended. */
export class LineSplitter {
  readonly #longest: number;
  #from: number;
  #at: number;
  #pieces: Uint8Array[] = [];
  #kept = 0;
  #isTooLong = false;

  constructor(offset: number, longest: number) {
    this.#from = offset;
    this.#at = offset;
    this.#longest = longest;
  }

  /** Where the next piece begins. */
  get at(): number {
    return this.#at;
  }

  *push(bytes: Uint8Array): Generator<Line> {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#keep(bytes.subarray(start, end));
      this.#at += end + 1 - start;
      start = end + 1;
      yield this.#take();
    }
    this.#keep(bytes.subarray(start));
    this.#at += bytes.length - start;
  }

  /** Bytes up to `to` are gone: what was begun is dropped. */
  skip(to: number): void {
    this.#at = to;
    this.#from = to;
    this.#pieces = [];
    this.#kept = 0;
    this.#isTooLong = false;
  }

  #keep(bytes: Uint8Array): void {
    if (this.#kept + bytes.length > this.#longest) {
      this.#isTooLong = true;
      this.#pieces = [];
      this.#kept = 0;
    }
    if (this.#isTooLong || bytes.length === 0) return;
    this.#pieces.push(bytes.slice());
    this.#kept += bytes.length;
  }

  #take(): Line {
    const text = this.#isTooLong ? null : Buffer.concat(this.#pieces).toString('utf8');
    const line = { from: this.#from, to: this.#at, text };
    this.skip(this.#at);
    return line;
  }
}
