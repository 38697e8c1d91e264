import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { SessionId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { StateFeed } from '../feed/state-feed.ts';
import type { SessionChange, SessionStore } from './session-store.ts';

/** Sessions as stored; every change is published once it is stored. */
export interface SessionRecords {
  /** Throws `session.not_found`. */
  get(id: SessionId): Session;
  add(session: Session): void;
  update(id: SessionId, change: SessionChange): Session;
  remove(id: SessionId): void;
}

export function createSessionRecords(store: SessionStore, feed: StateFeed): SessionRecords {
  const get = (id: SessionId): Session => {
    const found = store.get(id);
    if (!found) throw new FarhandError('session.not_found', { details: { sessionId: id } });
    return found;
  };
  return {
    get,
    add(session) {
      store.add(session);
      feed.changed({ kind: 'session', value: session });
    },
    update(id, change) {
      store.update(id, change);
      const value = get(id);
      feed.changed({ kind: 'session', value });
      return value;
    },
    remove(id) {
      store.remove(id);
      feed.removed('session', id);
    },
  };
}
