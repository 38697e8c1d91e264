/** The time that a host may take for its next step. It does not run while a person thinks. */
export class Patience {
  onEnd: () => void = () => {};
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** From now on, anew. */
  start(): void {
    this.stop();
    this.#timer = setTimeout(() => this.onEnd(), this.#timeoutMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Stops for good: a late answer starts it no more. */
  end(): void {
    this.stop();
    this.start = () => {};
  }
}
