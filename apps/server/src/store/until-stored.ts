import { setTimeout as delay } from 'node:timers/promises';

/** A store that refuses (a full disk) is asked again after this. */
const AGAIN_AFTER_MS = 1000;

interface UntilStored {
  readonly closing: AbortSignal;
  /** Told of the first refusal. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * Calls `store` at once, and then again until it does not throw or the server closes. Until then all is as it was, and so
 * it is for the next server.
 */
export async function untilStored(store: () => void, { closing, onRefused }: UntilStored): Promise<void> {
  for (let attempt = 1; !closing.aborted; attempt += 1) {
    try {
      return store();
    } catch (error) {
      if (attempt === 1) onRefused(error);
    }
    await delay(AGAIN_AFTER_MS, undefined, { signal: closing, ref: false }).catch(() => {});
  }
}
