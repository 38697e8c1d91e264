import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { BUILTIN_AGENT } from '@farhand/shared/model/agents';
import type { Actor } from '@farhand/shared/model/audit';
import type { RewindPreview, RewindTarget, RewindWhat } from '@farhand/shared/model/checkpoints';
import { type CheckpointId, newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import { pause } from '../agents/builtin/interrupted.ts';
import { isOutOfReach, SteadyHost } from '../agents/builtin/steady-host.ts';
import type { Queues } from '../workspaces/queues.ts';
import type { CheckpointRow, CheckpointStore, Intent } from './checkpoint-store.ts';
import type { CheckpointsDeps } from './checkpoints.ts';
import { betweenTurns } from './conflicts.ts';
import { takeBack, turnsFrom } from './conversation.ts';
import {
  applyMoment,
  CHECKPOINT_LIMITS,
  compareMoments,
  type FilesPlace,
  takeMoment,
} from './host/files-at.ts';
import type { Moment } from './host/moment.ts';
import { conflictsOf, isBranchConflict, type Look, previewOf } from './preview.ts';
import { noFiles } from './shown.ts';
import { dropOld, endRefOf, NEW, refOf } from './turn-checkpoints.ts';

export interface Rewinds {
  /** What going there would do. Changes nothing. */
  look(target: CheckpointRow): Promise<Look & { preview: RewindPreview }>;
  rewind(input: ParsedInput<'checkpoint.rewind'>, by: Actor): Promise<CallOutput<'checkpoint.rewind'>>;
  isUnderWay(workspaceId: WorkspaceId): boolean;
  resumeAll(): void;
  close(): void;
}

export interface RewindsDeps extends CheckpointsDeps {
  readonly store: CheckpointStore;
  readonly queues: Queues;
  readonly placeOf: (sessionId: SessionId) => FilesPlace;
  readonly liveSessions: (sessionId: SessionId) => SessionId[];
  /** Throws `checkpoint.not_found`. */
  readonly find: (sessionId: SessionId, id: RewindTarget) => CheckpointRow;
}

const OPEN_STATES: ReadonlySet<string> = new Set(['working', 'blocked', 'contact_lost']);
/** Of a rewind that is taken up again; with the pause below, half a minute. */
const MOST_TRIES = 15;
const TRY_AGAIN_AFTER_MS = 2000;
/** In an error; the preview names them all. */
const MOST_NAMED = 50;

export function createRewinds(deps: RewindsDeps): Rewinds {
  const { store, queues, placeOf, find, sessions, workspaces, audit, log } = deps;
  const underWay = new Set<WorkspaceId>();
  const closing = new AbortController();

  const take = (place: FilesPlace, sessionId: SessionId, ref: string | null): Promise<Moment> =>
    takeMoment(place, {
      ref,
      live: deps.liveSessions(sessionId),
      old: ref === null ? [] : dropOld(store, sessionId),
      limits: { ...CHECKPOINT_LIMITS, ...deps.limits },
    });

  async function lookNow(target: CheckpointRow): Promise<Look> {
    const { sessionId, moment } = target;
    const rows = store.ofSession(sessionId);
    const about = {
      target,
      conversationRefusal: refusalOf(target),
      turns: turnsFrom(deps.transcripts.items(sessionId), target).size,
    };
    if (!moment)
      return { ...about, now: null, comparison: null, between: { pairs: [], isMoved: false, isKnown: true } };
    const place = placeOf(sessionId);
    const now = await take(place, sessionId, null);
    const at = rows.findIndex(({ id }) => id === target.id);
    const between = betweenTurns(rows, at, now);
    const comparison = await compareMoments(place, { now, past: moment, others: between.pairs });
    return { ...about, now, comparison, between };
  }

  function refusalOf({ sessionId, kind, memory }: CheckpointRow): string | null {
    if (sessions().get(sessionId).agent !== BUILTIN_AGENT)
      return 'This agent keeps its own memory and cannot forget a part of it: only the files can be taken back. A new session in a fork begins without that memory.';
    return kind === 'undo' && memory === null ? 'That rewind left the conversation as it was.' : null;
  }

  function refuseBusy(sessionId: SessionId, what: RewindWhat): WorkspaceId {
    const { workspaceId } = sessions().get(sessionId);
    const busy = sessions()
      .list()
      .find((one) => {
        const isConcerned = what === 'conversation' ? one.id === sessionId : one.workspaceId === workspaceId;
        return isConcerned && OPEN_STATES.has(one.state);
      });
    if (busy || underWay.has(workspaceId))
      throw new FarhandError('checkpoint.busy', {
        ...(busy && { message: `“${busy.title}” is at work in this workspace.` }),
        details: { sessionId: busy?.id ?? sessionId },
      });
    return workspaceId;
  }

  function refuseConflicts(look: Look): void {
    const paths = conflictsOf(look);
    const isMoved = isBranchConflict(look);
    if (paths.length === 0 && !isMoved) return;
    const files = paths.length === 1 ? `“${paths[0]}” was` : `${paths.length} files were`;
    const parts = [
      ...(paths.length > 0 ? [`${files} changed by somebody else since.`] : []),
      ...(isMoved ? ['Commits were made, or the branch was changed, by somebody else since.'] : []),
    ];
    throw new FarhandError('checkpoint.conflict', {
      message: parts.join(' '),
      details: { paths: paths.slice(0, MOST_NAMED), count: paths.length, isBranchMoved: isMoved },
    });
  }

  /** Brings a stored rewind to its end; done twice, it is the same. */
  async function finish(
    row: CheckpointRow,
    wanted: Intent,
    isAgain: boolean,
  ): Promise<{ files: number; left: string[] }> {
    const target = find(row.sessionId, wanted.to);
    let applied = { files: 0, left: [] as string[] };
    if (wanted.what !== 'conversation') {
      const [place, past] = [placeOf(row.sessionId), target.moment];
      if (!past || !row.moment) throw noFiles(target);
      // After a restart the files may be half there: git has to know how they are now.
      const now = isAgain ? await take(place, row.sessionId, null) : row.moment;
      applied = await applyMoment(place, { now, past, isWhole: !past.isBusy && !now.isBusy });
      // Without it the next rewind counts every file as changed by others.
      const ended = await take(place, row.sessionId, endRefOf(row)).catch((error: unknown) => {
        log?.warn('checkpoint.end_not_kept', { sessionId: row.sessionId, error });
        return null;
      });
      store.change(row.id, { ended });
      workspaces.refreshChanges(place.workspaceId);
    }
    takeBack(deps, { row, wanted, target, files: applied.files });
    return applied;
  }

  return {
    async look(target) {
      const { workspaceId } = sessions().get(target.sessionId);
      const look = await queues.run(workspaceId, () => lookNow(target));
      return { ...look, preview: previewOf(look) };
    },
    async rewind({ sessionId, to, what, force }, by) {
      const target = find(sessionId, to);
      if (what !== 'conversation' && !target.moment) throw noFiles(target);
      const refusal = refusalOf(target);
      if (what !== 'files' && refusal !== null)
        throw new FarhandError('checkpoint.memory_kept', { message: refusal, details: { sessionId } });
      const workspaceId = refuseBusy(sessionId, what);
      underWay.add(workspaceId);
      try {
        return await queues.run(workspaceId, async () => {
          const undo: CheckpointId = newId('checkpoint');
          const wanted: Intent = { to, what, by, itemId: newId('item') };
          const row = {
            ...NEW,
            id: undo,
            sessionId,
            kind: 'undo' as const,
            at: new Date().toISOString(),
            intent: wanted,
          };
          const moment = what === 'conversation' ? null : await refuseOrKeep(target, row, force);
          tellAudit(target, wanted, force);
          store.add({ ...row, moment });
          const applied = await finish({ ...row, moment }, wanted, false).catch((thrown: unknown) => {
            if (isOutOfReach(thrown)) resume({ ...row, moment });
            // What git refuses it refuses again: a person has to look, and can go back to the undo point.
            else store.change(undo, { intent: null, reason: FarhandError.from(thrown).message });
            throw thrown;
          });
          return { undo, ...applied };
        });
      } finally {
        underWay.delete(workspaceId);
      }
    },
    isUnderWay: (id) => underWay.has(id),
    resumeAll() {
      for (const row of store.unfinished()) resume(row);
    },
    close: () => closing.abort('close'),
  };

  /** What is there now, kept for an undo. */
  async function refuseOrKeep(target: CheckpointRow, row: CheckpointRow, force: boolean): Promise<Moment> {
    const look = await lookNow(target);
    if (!force) refuseConflicts(look);
    const moment = await take(placeOf(row.sessionId), row.sessionId, refOf(row));
    if (moment.files !== look.now?.files)
      throw new FarhandError('checkpoint.failed', {
        message: 'Files changed while they were looked at.',
        hint: 'Something is at work in the workspace: end it, then try again.',
      });
    return moment;
  }

  function tellAudit({ sessionId, id, kind }: CheckpointRow, { what, by }: Intent, force: boolean): void {
    if (what === 'conversation') return;
    const { workspaceId } = sessions().get(sessionId);
    const { hostId } = workspaces.get(workspaceId);
    const where = kind === 'turn' ? 'the begin of a turn' : 'what was before a rewind';
    audit.record({
      kind: 'file',
      actor: by,
      hostId,
      workspaceId,
      sessionId,
      summary: `Rewound the files to ${where}`,
      facts: { to: id, what, force },
      output: null,
    });
  }

  // What a killed server began may still be at it on the host: git's lock keeps the two apart.
  async function untilFinished(work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await work();
        return;
      } catch (thrown) {
        if (attempt === MOST_TRIES || !FarhandError.is(thrown, 'checkpoint.failed')) throw thrown;
        await pause(TRY_AGAIN_AFTER_MS, closing.signal);
      }
    }
  }

  /** In the background, once the host is there. */
  function resume(row: CheckpointRow): void {
    const { intent: wanted, sessionId } = row;
    if (!wanted) return;
    const { workspaceId } = sessions().get(sessionId);
    const again = async () => {
      const { runtime } = placeOf(sessionId);
      const stopJob = async () => ({ state: 'missing' as const });
      const host = new SteadyHost({ runtime, stopJob, signal: closing.signal, onContactLost: () => {} });
      await untilFinished(() => host.do(() => queues.run(workspaceId, () => finish(row, wanted, true))));
    };
    underWay.add(workspaceId);
    again()
      .catch((error: unknown) => {
        if (closing.signal.aborted) return;
        log?.warn('rewind.not_finished', { sessionId, error });
        store.change(row.id, { intent: null, reason: FarhandError.from(error).message });
      })
      .finally(() => underWay.delete(workspaceId));
  }
}
