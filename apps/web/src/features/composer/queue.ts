import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { SessionState } from '@farhand/shared/model/sessions';

/** True while a turn goes on, also where contact is lost: its jobs run on. */
export function isTurnOpen(state: SessionState): boolean {
  return state === 'working' || state === 'blocked' || state === 'contact_lost';
}

/**
 * Whether a message that is sent now has to wait: for the turn, or for one that was queued before it and goes as soon
 * as it can. Those with a time of their own, and those held for a person, keep nobody waiting.
 */
export function mustQueue(state: SessionState, queued: readonly QueuedMessage[]): boolean {
  if (isTurnOpen(state)) return true;
  return queued.some(({ notBefore, reason }) => notBefore === null && reason !== 'person');
}
