import { retryDelayMs } from './backoff.ts';

/** How a chunk that did not come is called by the bundler. */
const isMissing = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'ChunkLoadError';

/**
 * A part of the page that is loaded when it is needed, asked for again until it comes: where the server is away just
 * then, the page must not break. Rejects only with what the part itself throws.
 */
export async function load<Part>(
  start: () => Promise<Part>,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<Part> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
      await pause(retryDelayMs(attempt));
    }
  }
}
