/** Deletes workspaces: their jobs and files on the host first, the record last. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace, WorkspaceLosses } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { Creations } from './creation/creations.ts';
import { withDeadline } from './deadline.ts';
import { NO_LOSSES, readLosses } from './losses.ts';
import type { WorkspaceRecords } from './records.ts';
import { removeFolder } from './remove-folder.ts';
import { nextStep } from './steps.ts';

export interface Deletion {
  /** With `reachable: false` where the host does not answer: then nothing is known. */
  losses(id: WorkspaceId): Promise<WorkspaceLosses>;
  /** Throws `workspace.would_lose_work`; `host.*` where the host is out of reach and not to be forgotten. */
  delete(id: WorkspaceId, how: { force: boolean; forget: boolean }): Promise<void>;
}

export interface DeletionDeps {
  readonly records: WorkspaceRecords;
  readonly runtimes: Runtimes;
  readonly creations: Creations;
  /** Ends sessions and terminals of the workspace before its files go. */
  readonly onDelete: (id: WorkspaceId) => Promise<void>;
}

/** A person waits for an answer from a host that may be gone. */
const ANSWER_TIMEOUT_MS = 20_000;
/** Removing a large folder takes its time; not answering at all is found by `ANSWER_TIMEOUT_MS`. */
const REMOVE_TIMEOUT_MS = 11 * 60_000;

export function createDeletion(deps: DeletionDeps): Deletion {
  const { records, runtimes } = deps;

  async function losses(id: WorkspaceId): Promise<WorkspaceLosses> {
    const { directory, baseCommit, hostId } = records.get(id);
    if (directory === null || baseCommit === null) return NO_LOSSES;
    const place = { runtime: runtimes.for(hostId), directory, baseCommit };
    try {
      return await withDeadline(readLosses(place), ANSWER_TIMEOUT_MS, hostId);
    } catch (error) {
      if (isOutOfReach(error)) return { reachable: false, uncommitted: [], unpushed: [] };
      throw error;
    }
  }

  async function checkLosses(id: WorkspaceId): Promise<void> {
    const { uncommitted, unpushed } = await losses(id);
    if (uncommitted.length === 0 && unpushed.length === 0) return;
    const message = `Deleting would lose ${uncommitted.length} uncommitted files and ${unpushed.length} commits.`;
    throw new FarhandError('workspace.would_lose_work', {
      message,
      details: { uncommitted: uncommitted.length, unpushed: unpushed.length },
    });
  }

  async function clearHost(id: WorkspaceId): Promise<void> {
    const { directory, hostId } = records.get(id);
    const runtime = runtimes.for(hostId);
    await withDeadline(removeJobs(runtime, id), ANSWER_TIMEOUT_MS, hostId);
    if (directory !== null)
      await withDeadline(removeFolder(runtime, id, directory), REMOVE_TIMEOUT_MS, hostId);
  }

  return {
    losses,
    async delete(id, { force, forget }) {
      records.get(id);
      if (!force) await checkLosses(id);
      await deps.creations.cancel(id);
      records.change(id, { state: 'deleting' });
      try {
        await deps.onDelete(id);
        await clearHost(id).catch((error: unknown) => {
          if (!forget || !isOutOfReach(error)) throw error;
        });
      } catch (error) {
        const record = records.find(id);
        if (record) records.change(id, { state: restingState(record) });
        throw error;
      }
      records.remove(id);
    },
  };
}

async function removeJobs(runtime: Runtime, id: WorkspaceId): Promise<void> {
  const jobs = await runtime.jobs.list(id);
  await Promise.all(jobs.map((job) => runtime.jobs.remove(job.id)));
}

function restingState({ steps }: Workspace): Workspace['state'] {
  return nextStep(steps) === undefined ? 'ready' : 'failed';
}

/** True where the host did not answer, which says nothing about what is on it. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof FarhandError && error.code.startsWith('host.');
}
