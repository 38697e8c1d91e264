import type { Session } from '@farhand/shared/model/sessions';
import { useStore } from 'zustand';
import { createStoredStore, storedObject } from './stored.ts';

// Old sessions are forgotten first; a person does not leave this many unread.
const MOST_SESSIONS = 500;

/** Per session, the number of the last event that this browser has shown. */
export const seenStore = createStoredStore<Readonly<Record<string, number>>>('seen', (stored) =>
  Object.fromEntries(
    Object.entries(storedObject(stored)).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  ),
);

/** True where a session has events that this browser has not shown. */
export const isUnread = (
  session: Pick<Session, 'id' | 'lastSeq'>,
  seen: Readonly<Record<string, number>>,
): boolean => session.lastSeq > (seen[session.id] ?? 0);

/** Says that these sessions were looked at as they are now. */
export function markSeen(sessions: readonly Pick<Session, 'id' | 'lastSeq'>[]): void {
  const seen = seenStore.getState();
  const news = sessions.filter((session) => isUnread(session, seen));
  if (news.length === 0) return;
  const ids = new Set<string>(news.map((session) => session.id));
  const kept = Object.entries(seen).filter(([id]) => !ids.has(id));
  const added = news.map((session) => [session.id, session.lastSeq] as const);
  seenStore.setState(Object.fromEntries([...kept, ...added].slice(-MOST_SESSIONS)), true);
}

export const useSeen = (): Readonly<Record<string, number>> => useStore(seenStore);
