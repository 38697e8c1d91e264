/** Deletes workspaces: their jobs and files on the host first, the record last; kept where the host is away. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace, WorkspaceLosses } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { DeletedWorkspaces } from '../host-tasks/deleted-workspaces.ts';
import { isHostAway } from '../host-tasks/host-away.ts';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Archives } from './archive/archives.ts';
import type { Creations } from './creation/creations.ts';
import { withDeadline } from './deadline.ts';
import { NO_LOSSES, readLosses } from './losses.ts';
import type { WorkspaceRecords } from './records.ts';
import { nextStep } from './steps.ts';
import type { WorkspaceRecord } from './workspace-store.ts';

export interface Deletion {
  /** With `reachable: false` where the host does not answer: then nothing is known. */
  losses(id: WorkspaceId): Promise<WorkspaceLosses>;
  /**
   * Resolves when it is deleted, or when it waits for a host that is away (`isWaitingForHost`). With `forget` the record
   * goes at once, and what is on the host when it is back. Throws `workspace.would_lose_work`, also where nobody can know.
   */
  delete(id: WorkspaceId, how: { force: boolean; forget: boolean }): Promise<void>;
}

export interface DeletionDeps {
  readonly records: WorkspaceRecords;
  readonly runtimes: Runtimes;
  readonly creations: Creations;
  readonly archives: Pick<Archives, 'losses'>;
  readonly tasks: HostTasks;
  /** Through what the repository is read, which may hold a trap. */
  readonly lookFrom: (runtime: Runtime, place: { workspaceId: WorkspaceId; directory: string }) => Runtime;
  readonly deleted: DeletedWorkspaces;
  /** Ends sessions and terminals of the workspace before its files go. */
  readonly onDelete: (id: WorkspaceId) => Promise<void>;
  /** Called once its record is gone. */
  readonly onDeleted: (record: WorkspaceRecord) => void;
}

/** A person waits for an answer from a host that may be gone. */
const ANSWER_TIMEOUT_MS = 20_000;

export function createDeletion(deps: DeletionDeps): Deletion {
  const { records, runtimes, tasks, deleted } = deps;

  async function losses(id: WorkspaceId): Promise<WorkspaceLosses> {
    const record = records.get(id);
    const { directory, baseCommit, hostId } = record;
    if (record.archive !== null) return deps.archives.losses(record);
    if (directory === null || baseCommit === null) return NO_LOSSES;
    const runtime = deps.lookFrom(runtimes.for(hostId), { workspaceId: id, directory });
    const place = { runtime, directory, baseCommit, lane: id };
    try {
      return await withDeadline(readLosses(place), ANSWER_TIMEOUT_MS, hostId);
    } catch (error) {
      if (isHostAway(error)) return { reachable: false, uncommitted: [], unpushed: [] };
      throw error;
    }
  }

  async function checkLosses(id: WorkspaceId): Promise<void> {
    const { hostId, archive } = records.get(id);
    if (archive !== null)
      throw new FarhandError('workspace.would_lose_work', {
        message: 'Deleting would lose the archive, which holds all that is left of this workspace.',
        hint: 'Restore it first, or confirm the loss.',
      });
    const { reachable, uncommitted, unpushed } = await losses(id);
    if (!reachable)
      throw new FarhandError('workspace.would_lose_work', {
        message: `${hostId} does not answer, so nobody knows what deleting would lose.`,
        hint: 'Try again when the host is back, or confirm the loss.',
        details: { reachable },
      });
    if (uncommitted.length === 0 && unpushed.length === 0) return;
    const message = `Deleting would lose ${uncommitted.length} uncommitted files and ${unpushed.length} commits.`;
    throw new FarhandError('workspace.would_lose_work', {
      message,
      details: { uncommitted: uncommitted.length, unpushed: unpushed.length },
    });
  }

  function finish(id: WorkspaceId): void {
    const record = records.find(id);
    if (!record) return;
    records.remove(id);
    deps.onDeleted(record);
  }

  /** It could not be deleted, and no later try would help: it is there as before. */
  function fallBack(id: WorkspaceId): void {
    deleted.remove(id);
    const record = records.find(id);
    if (record) records.change(id, { state: restingState(record), isWaitingForHost: false });
  }

  tasks.listen({
    onCarriedOut({ kind, workspaceId }) {
      if (kind === 'clear_workspace' && records.find(workspaceId)?.state === 'deleting') finish(workspaceId);
    },
    onFailed({ kind, workspaceId }) {
      if (kind === 'clear_workspace' && records.find(workspaceId)?.state === 'deleting')
        fallBack(workspaceId);
    },
  });

  return {
    losses,
    async delete(id, { force, forget }) {
      // One that is being deleted was confirmed already.
      if (!force && records.get(id).state !== 'deleting') await checkLosses(id);
      const isCleared = records.get(id).state === 'archived';
      await deps.creations.cancel(id);
      records.change(id, { state: 'deleting' });
      await deps.onDelete(id);
      const record = records.find(id);
      // Another call was at it too, and was first.
      if (!record) return;
      const { hostId, directory } = record;
      deleted.add({ id, hostId, directory });
      // Without a folder nothing was ever made there: a host that was never reached is not waited for.
      if (isCleared || directory === null) return finish(id);
      try {
        const task = { kind: 'clear_workspace', hostId, workspaceId: id, directory } as const;
        const end = await tasks.do(task);
        if (end.state === 'done' || forget) finish(id);
        else records.change(id, { isWaitingForHost: true });
      } catch (error) {
        fallBack(id);
        throw error;
      }
    },
  };
}

function restingState({ steps, archive }: Workspace): Workspace['state'] {
  if (nextStep(steps) !== undefined) return 'failed';
  return archive === null ? 'ready' : 'archived';
}
