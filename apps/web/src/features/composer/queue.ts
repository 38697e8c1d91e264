import type { SessionState } from '@farhand/shared/model/sessions';

/**
 * The one message that waits for the turn's end; null when none waits. `held` waits for the person instead, and so does
 * `unsure`: the page was closed while it was sent.
 */
export type Queue = {
  readonly text: string;
  readonly state: 'waiting' | 'sending' | 'held' | 'unsure';
} | null;

/** What becomes of a message that a person sends now. */
export type SendDecision =
  | { readonly kind: 'send' }
  | { readonly kind: 'queue'; readonly queue: NonNullable<Queue> }
  | { readonly kind: 'refuse'; readonly reason: string };

/** True while a turn goes on, also where contact is lost: its jobs run on. */
export function isTurnOpen(state: SessionState): boolean {
  return state === 'working' || state === 'blocked' || state === 'contact_lost';
}

/** Sends at once when no turn goes on, otherwise queues; a second message waits in the composer. */
export function decideSend(text: string, state: SessionState, queue: Queue): SendDecision {
  if (text.trim() === '') return { kind: 'refuse', reason: 'Write a message first.' };
  if (queue) return { kind: 'refuse', reason: 'One message is queued already: edit or remove it first.' };
  return isTurnOpen(state) ? { kind: 'queue', queue: { text, state: 'waiting' } } : { kind: 'send' };
}

/**
 * The queue when the session's state becomes known: a waiting message is to be sent once the turn is over. After a
 * failure it is held: it would run into the same wall, or into a work half done.
 */
export function advanceQueue(queue: Queue, state: SessionState): Queue {
  if (queue?.state !== 'waiting' || isTurnOpen(state)) return queue;
  return { text: queue.text, state: state === 'failed' ? 'held' : 'sending' };
}

/** A draft after a queued message could not be sent or is taken back: nothing that was typed is lost. */
export function backToDraft(draft: string, queued: string): string {
  return draft.trim() === '' ? queued : `${queued}\n\n${draft}`;
}
