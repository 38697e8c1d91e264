/** Lines for a program's stdin as they come: an iterable that stays open until `end`. */
export class LineQueue implements AsyncIterable<Uint8Array> {
  #lines = '';
  #isEnded = false;
  #wake: () => void = () => {};

  push(line: string): void {
    this.#lines += `${line}\n`;
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#lines !== '') {
        const lines = this.#lines;
        this.#lines = '';
        yield new TextEncoder().encode(lines);
      } else if (this.#isEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
