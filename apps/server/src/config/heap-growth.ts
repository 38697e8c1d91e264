import { setFlagsFromString } from 'node:v8';

/**
 * How much the heap grows before it is collected, in percent of what is in use. V8 lets it grow several times over on a
 * machine with much memory, and what streaming agents leave behind with every request is then kept for minutes.
 */
export const HEAP_GROWTH = '--heap-growing-percent=30';

/** Makes this program keep little that nobody uses. To be called before there is much: it holds from the next collection on. */
export function keepHeapSmall(): void {
  setFlagsFromString(HEAP_GROWTH);
}
