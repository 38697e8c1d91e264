import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import { useStore } from 'zustand';
import { createStoredStore, storedObject } from './stored.ts';

// Old sessions are forgotten first; a person does not leave this many unread.
const MOST_SESSIONS = 500;

/** Per session, the number of the last event that this browser has shown; per terminal, the time of its last state. */
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

/** True where what an agent in a terminal does now has not been shown by this browser. */
export const isActivityUnread = (
  { id, activity }: Pick<Terminal, 'id' | 'activity'>,
  seen: Readonly<Record<string, number>>,
): boolean => activity !== null && Date.parse(activity.at) > (seen[id] ?? 0);

/** Says that a terminal was looked at as it is now. */
export function markTerminalSeen({ id, activity }: Pick<Terminal, 'id' | 'activity'>): void {
  const seen = seenStore.getState();
  if (!activity || !isActivityUnread({ id, activity }, seen)) return;
  const { [id]: _before, ...others } = seen;
  const kept = Object.entries(others).slice(-MOST_SESSIONS);
  seenStore.setState(Object.fromEntries([...kept, [id, Date.parse(activity.at)]]), true);
}

export const useSeen = (): Readonly<Record<string, number>> => useStore(seenStore);
