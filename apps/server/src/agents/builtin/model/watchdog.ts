/** Ends a request on which no byte has come for too long. One request each; `stop` it when done. */
export class Watchdog {
  readonly #stallMs: number;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
    this.#beat();
  }

  /** Aborted once it stalled. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** `fetch` whose every byte counts as life. */
  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    this.#beat();
    if (!response.body) return response;
    const watched = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (bytes, controller) => {
          this.#beat();
          controller.enqueue(bytes);
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(watched, { status, statusText, headers });
  };

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #beat(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#controller.abort(new Error('stalled')), this.#stallMs);
  }
}
