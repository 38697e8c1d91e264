import type { Message, StoredMessage } from '../messages.ts';
import type { SummaryMessage } from './summary-message.ts';

/** The newest summary with its position; null where nothing was summarised. */
export function lastSummary(
  stored: readonly StoredMessage[],
): { at: number; summary: SummaryMessage } | null {
  for (let at = stored.length - 1; at >= 0; at -= 1) {
    const one = stored[at];
    if (one?.role === 'summary') return { at, summary: one };
  }
  return null;
}

/** What the model is sent of a conversation: the newest summary as the person's first message, and what came after it. */
export function requestView(stored: readonly StoredMessage[]): Message[] {
  const last = lastSummary(stored);
  const rest = stored.slice(last?.summary.from ?? 0).filter(isMessage);
  return last ? [{ role: 'user', text: last.summary.text }, ...rest] : rest;
}

/** True for what is sent as it is. */
export function isMessage(stored: StoredMessage): stored is Message {
  return stored.role !== 'summary';
}
