import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { Checkpoint, RewindPreview, RewindTarget } from '@farhand/shared/model/checkpoints';
import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { AuditLog } from '../audit/audit.ts';
import type { Log } from '../logging/log.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Database } from '../store/database.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import { createQueues } from '../workspaces/queues.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { type CheckpointRow, createCheckpointStore } from './checkpoint-store.ts';
import { type CheckpointLimits, diffOfFile, type FilesPlace } from './host/files-at.ts';
import { createRewinds } from './rewinds.ts';
import { noFiles, toCheckpoint } from './shown.ts';
import { createTurnCheckpoints, type TurnCheckpoints } from './turn-checkpoints.ts';

/** What sessions can go back to, and the going back. */
export interface Checkpoints {
  /** For those who run turns. */
  readonly turns: TurnCheckpoints;
  /** Oldest first. Throws `session.not_found`. */
  list(sessionId: SessionId): Checkpoint[];
  /** Throws `checkpoint.*`, `session.not_found`, `workspace.*`, `host.*`; so do the others. */
  preview(sessionId: SessionId, to: RewindTarget): Promise<RewindPreview>;
  diff(input: ParsedInput<'checkpoint.diff'>): Promise<CallOutput<'checkpoint.diff'>>;
  rewind(input: ParsedInput<'checkpoint.rewind'>, by: Actor): Promise<CallOutput<'checkpoint.rewind'>>;
  /** True while a rewind is under way there: no turn may begin. */
  isRewinding(workspaceId: WorkspaceId): boolean;
  /** At the server's start: rewinds that were cut off are brought to their end. */
  resumeAll(): void;
  /** Leaves what is under way to the next start. */
  close(): void;
}

export interface CheckpointsDeps {
  readonly db: Database;
  readonly sessions: () => Pick<Sessions, 'get' | 'list'>;
  readonly workspaces: Pick<Workspaces, 'ready' | 'get' | 'refreshChanges'>;
  readonly transcripts: Pick<Transcripts, 'items' | 'writer'>;
  readonly secrets: Pick<Secrets, 'redactor'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly limits?: Partial<CheckpointLimits>;
  readonly log?: Pick<Log, 'warn'>;
}

/** Checkpoints over git objects on the hosts; call `resumeAll` once at the start. */
export function createCheckpoints(deps: CheckpointsDeps): Checkpoints {
  const { db, sessions, workspaces, transcripts, log } = deps;
  const store = createCheckpointStore(db);
  const queues = createQueues();

  function placeOf(sessionId: SessionId): FilesPlace {
    const { workspaceId } = sessions().get(sessionId);
    const { runtime, directory } = workspaces.ready(workspaceId);
    return { runtime, directory, workspaceId };
  }

  function liveSessions(sessionId: SessionId): SessionId[] {
    const { workspaceId } = sessions().get(sessionId);
    const ofWorkspace = sessions()
      .list()
      .filter((one) => one.workspaceId === workspaceId);
    return ofWorkspace.map(({ id }) => id);
  }

  function find(sessionId: SessionId, id: RewindTarget): CheckpointRow {
    sessions().get(sessionId);
    const found = store.get(sessionId, id);
    if (!found) throw new FarhandError('checkpoint.not_found', { details: { sessionId, id } });
    return found;
  }

  const turns = createTurnCheckpoints({
    store,
    queues,
    transcripts,
    placeOf,
    liveSessions,
    isKept: (id) => sessions().get(id).parent?.kind !== 'subagent',
    limits: deps.limits,
    log,
  });
  const rewinds = createRewinds({ ...deps, store, queues, placeOf, liveSessions, find });

  return {
    turns,
    list(sessionId) {
      sessions().get(sessionId);
      return store.ofSession(sessionId).map(toCheckpoint);
    },
    async preview(sessionId, to) {
      const target = find(sessionId, to);
      const { preview } = await rewinds.look(target);
      return preview;
    },
    async diff({ sessionId, to, path }) {
      const target = find(sessionId, to);
      const { now } = await rewinds.look(target);
      if (!now || !target.moment) throw noFiles(target);
      const place = placeOf(sessionId);
      const diff = await diffOfFile(place, { from: now.files, to: target.moment.files, path });
      const { projectId } = workspaces.get(place.workspaceId);
      return { ...diff, patch: deps.secrets.redactor(projectId).text(diff.patch) };
    },
    rewind: rewinds.rewind,
    isRewinding: rewinds.isUnderWay,
    resumeAll: rewinds.resumeAll,
    close: rewinds.close,
  };
}
