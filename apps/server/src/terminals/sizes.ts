/** Rows and columns. */
export interface Size {
  readonly rows: number;
  readonly cols: number;
}

/** Makes changes of a size one at a time: two that are on their way together could arrive in the wrong order. */
export class Sizes {
  readonly #apply: (size: Size, signal: AbortSignal) => Promise<void>;
  readonly #closing = new AbortController();
  #wanted: Size | null = null;
  #working: Promise<void> | null = null;

  constructor(apply: (size: Size, signal: AbortSignal) => Promise<void>) {
    this.#apply = apply;
  }

  get isBusy(): boolean {
    return this.#working !== null;
  }

  /** Resolves when this size is set, or a newer one that came in its place. */
  set(size: Size): Promise<void> {
    this.#wanted = size;
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  close(): void {
    this.#wanted = null;
    this.#closing.abort();
  }

  async #work(): Promise<void> {
    while (this.#wanted !== null) {
      const size = this.#wanted;
      this.#wanted = null;
      await this.#apply(size, this.#closing.signal);
    }
  }
}
