/** Cuts what comes in into lines, of which none is longer than the limit. */
export class Lines {
  readonly #limitBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The lines that are whole now, without what ended them; `too_long` once one passes the limit. */
  push(bytes: Uint8Array): string[] | 'too_long' {
    const lines: string[] = [];
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(10, from);
      const piece = bytes.subarray(from, end < 0 ? undefined : end);
      this.#length += piece.length;
      if (this.#length > this.#limitBytes) return 'too_long';
      // A copy: who gave the bytes may use them again.
      if (piece.length > 0) this.#pieces.push(Uint8Array.from(piece));
      if (end < 0) return lines;
      lines.push(new TextDecoder().decode(Buffer.concat(this.#pieces)));
      this.#pieces = [];
      this.#length = 0;
      from = end + 1;
    }
  }
}
