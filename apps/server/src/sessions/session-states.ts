import type { SessionId } from '@farhand/shared/model/ids';
import type { SessionState } from '@farhand/shared/model/sessions';
import type { SessionRecords } from './session-records.ts';

/** The state of sessions at work: blocked while a person is asked, lost while the host is away, working otherwise. */
export interface SessionStates {
  /** A turn runs from now on, until `end`. */
  begin(id: SessionId): void;
  setLost(id: SessionId, isLost: boolean): void;
  setAsking(id: SessionId, isAsking: boolean): void;
  /** Its turn has ended, so that nothing of it counts any more. */
  end(id: SessionId): void;
}

export function createSessionStates(records: SessionRecords): SessionStates {
  const atWork = new Map<SessionId, { isLost: boolean; isAsking: boolean }>();
  const set = (id: SessionId, change: { isLost?: boolean; isAsking?: boolean }) => {
    const known = atWork.get(id);
    if (!known) return;
    Object.assign(known, change);
    const state: SessionState = known.isAsking ? 'blocked' : known.isLost ? 'contact_lost' : 'working';
    if (records.get(id).state !== state) records.update(id, { state });
  };
  return {
    begin: (id) => void atWork.set(id, { isLost: false, isAsking: false }),
    setLost: (id, isLost) => set(id, { isLost }),
    setAsking: (id, isAsking) => set(id, { isAsking }),
    end: (id) => void atWork.delete(id),
  };
}
