import type { SessionId } from '@farhand/shared/model/ids';
import { readSessionId } from '../../client/ids.ts';
import { storedObject } from '../../client/stored.ts';
import type { KeyValueStore } from './draft.ts';
import type { Queue } from './queue.ts';

/** A queued message with the model that it goes to. */
export interface StoredQueue {
  readonly queue: NonNullable<Queue>;
  readonly model: string | null;
}

const PREFIX = 'farhand.queued.';
const STATES = ['waiting', 'sending', 'held', 'unsure'] as const;

/** The session whose queued message a storage key holds; null for the keys of other things. */
export const queuedSession = (key: string | null): SessionId | null =>
  key?.startsWith(PREFIX) ? readSessionId(key.slice(PREFIX.length)) : null;

/** The message that is kept for a session; null where there is none that can be read. */
export function readQueued(store: KeyValueStore, sessionId: SessionId): StoredQueue | null {
  try {
    const { text, state, model } = storedObject(JSON.parse(store.getItem(PREFIX + sessionId) ?? 'null'));
    const known = STATES.find((name) => name === state);
    if (typeof text !== 'string' || !known) return null;
    return { queue: { text, state: known }, model: typeof model === 'string' ? model : null };
  } catch {
    return null;
  }
}

/** Keeps a session's message over a reload, or with null forgets it; false where storage refuses. */
export function writeQueued(store: KeyValueStore, sessionId: SessionId, kept: StoredQueue | null): boolean {
  try {
    if (kept) store.setItem(PREFIX + sessionId, JSON.stringify({ ...kept.queue, model: kept.model }));
    else store.removeItem(PREFIX + sessionId);
    return true;
  } catch {
    return false;
  }
}

/** The sessions that a message is kept for. */
export function queuedSessions(store: Pick<Storage, 'length' | 'key'>): SessionId[] {
  try {
    return Array.from({ length: store.length }, (_, index) => queuedSession(store.key(index))).filter(
      (id) => id !== null,
    );
  } catch {
    return [];
  }
}
