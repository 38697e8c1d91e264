import type { StoredMessage } from '../messages.ts';
import { estimateTokens } from './estimate.ts';
import { isMessage } from './view.ts';

/**
 * The position from which messages stay as they are: as many of the last as fit into `keepTokens`, and always a person's
 * message that has no answer yet, with the notes that follow it. Never between a call and its result.
 */
export function keptFrom(stored: readonly StoredMessage[], keepTokens: number): number {
  let boundary = stored.length;
  while (stored[boundary - 1]?.role === 'user') boundary -= 1;
  for (let at = stored.length - 1; at >= 0; at -= 1) {
    const one = stored[at];
    if (one === undefined || one.role === 'summary') return boundary;
    if (estimateTokens(stored.slice(at).filter(isMessage)) > keepTokens) return boundary;
    if (one.role !== 'tool') boundary = Math.min(boundary, at);
  }
  return boundary;
}
