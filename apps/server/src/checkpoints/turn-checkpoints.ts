/** Keeps the files before and after each turn. */
import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId, type SessionId, type TurnId } from '@farhand/shared/model/ids';
import { SteadyHost } from '../agents/builtin/steady-host.ts';
import type { Log } from '../logging/log.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { Queues } from '../workspaces/queues.ts';
import type { CheckpointRow, CheckpointStore } from './checkpoint-store.ts';
import { CHECKPOINT_LIMITS, type CheckpointLimits, type FilesPlace, takeMoment } from './host/files-at.ts';
import type { Moment } from './host/moment.ts';

interface BeginningTurn {
  readonly sessionId: SessionId;
  readonly turnId: TurnId;
  readonly hasBegun: boolean;
  /** See `SteadyHost`: a host that is away is waited for. */
  readonly contactLost: (isLost: boolean) => void;
}

/** For those who run turns. */
export interface TurnCheckpoints {
  /**
   * Keeps the files as they are, in one round trip. Never rejects: where it fails, the transcript says that the turn cannot
   * be rewound, and why. `hasBegun`: its agent is at it already, so that it is too late.
   */
  begins(turn: BeginningTurn, signal: AbortSignal): Promise<void>;
  /** Looks at what the turn left, so that later changes are known to be of others. Never rejects; soon over. */
  ends(sessionId: SessionId, turnId: TurnId, closing: AbortSignal): Promise<void>;
}

/** How many moments of a session are kept. */
const MOST_KEPT = 50;
/** The end of a turn is not held up longer. */
const END_WITHIN_MS = 10_000;

export interface TurnCheckpointsDeps {
  readonly store: CheckpointStore;
  readonly queues: Queues;
  readonly transcripts: Pick<Transcripts, 'writer'>;
  /** Throws as `Workspaces.ready` does. */
  readonly placeOf: (sessionId: SessionId) => FilesPlace;
  /** Those of the session's workspace. */
  readonly liveSessions: (sessionId: SessionId) => SessionId[];
  /** False for a session whose files are those of another one's turn, as a sub-agent's. */
  readonly isKept: (sessionId: SessionId) => boolean;
  readonly limits?: Partial<CheckpointLimits> | undefined;
  readonly log?: Pick<Log, 'warn'> | undefined;
}

/** Where on the host a moment is kept. */
export const refOf = (row: Pick<CheckpointRow, 'sessionId' | 'id'>): string => `${row.sessionId}/${row.id}`;
export const endRefOf = (row: Pick<CheckpointRow, 'sessionId' | 'id'>): string => `${refOf(row)}.end`;

export function createTurnCheckpoints(deps: TurnCheckpointsDeps): TurnCheckpoints {
  const { store, queues, placeOf, log } = deps;

  function take(sessionId: SessionId, ref: string, signal: AbortSignal, timeoutMs?: number): Promise<Moment> {
    const place = placeOf(sessionId);
    const limits = { ...CHECKPOINT_LIMITS, ...deps.limits, ...(timeoutMs ? { timeoutMs } : {}) };
    const old = dropOld(store, sessionId);
    const request = { ref, live: deps.liveSessions(sessionId), old, limits, signal };
    return queues.run(place.workspaceId, () => takeMoment(place, request), signal);
  }

  function connectionOf(sessionId: SessionId): string | null {
    try {
      return placeOf(sessionId).runtime.connection().state;
    } catch {
      // The workspace is on its way elsewhere.
      return null;
    }
  }

  function tell(sessionId: SessionId, turnId: TurnId, reason: string): void {
    const text = `The files of this turn cannot be rewound: ${reason}`;
    const at = new Date().toISOString();
    const item = { id: newId('item'), turnId, at, kind: 'notice' as const, level: 'warning' as const, text };
    deps.transcripts.writer(sessionId).put(item);
  }

  return {
    async begins({ sessionId, turnId, hasBegun, contactLost }, signal) {
      if (!deps.isKept(sessionId) || store.get(sessionId, turnId)) return;
      const row: CheckpointRow = { ...NEW, id: turnId, sessionId, at: new Date().toISOString() };
      try {
        if (hasBegun)
          throw new FarhandError('checkpoint.failed', { message: 'The server restarted as it began.' });
        const { runtime } = placeOf(sessionId);
        const stopJob = async () => ({ state: 'missing' as const });
        const host = new SteadyHost({ runtime, stopJob, signal, onContactLost: contactLost });
        const moment = await host.do(() => take(sessionId, refOf(row), signal));
        store.add({ ...row, moment });
      } catch (thrown) {
        // Stopped, or the server closes: a turn that goes on later begins anew.
        if (signal.aborted) return;
        const reason = FarhandError.from(thrown).message;
        log?.warn('checkpoint.failed', { sessionId, turnId, error: thrown });
        store.add({ ...row, reason });
        tell(sessionId, turnId, reason);
      }
    },
    async ends(sessionId, turnId, closing) {
      const row = store.get(sessionId, turnId);
      if (!row?.moment || row.ended || closing.aborted) return;
      // A person who stops a turn does not wait for a host that is away.
      if (connectionOf(sessionId) !== 'connected') return;
      const enough = new AbortController();
      const signal = AbortSignal.any([closing, enough.signal]);
      const late = delay(END_WITHIN_MS, null, { signal }).catch(() => null);
      try {
        const ended = await Promise.race([take(sessionId, endRefOf(row), signal, END_WITHIN_MS), late]);
        if (ended) store.change(turnId, { ended });
      } catch (thrown) {
        log?.warn('checkpoint.end_not_kept', { sessionId, turnId, error: thrown });
      } finally {
        enough.abort();
      }
    },
  };
}

/** What a row begins with. */
export const NEW = {
  kind: 'turn',
  moment: null,
  reason: null,
  ended: null,
  intent: null,
  memory: null,
} as const;

/** Forgets the files of moments beyond the newest; gives their refs. */
export function dropOld(store: CheckpointStore, sessionId: SessionId): string[] {
  const kept = store.ofSession(sessionId).filter((row) => row.moment !== null && row.intent === null);
  return kept.slice(0, Math.max(0, kept.length - MOST_KEPT + 1)).flatMap((row) => {
    store.change(row.id, { moment: null, ended: null, reason: `Only the last ${MOST_KEPT} are kept.` });
    return [refOf(row), endRefOf(row)];
  });
}
