import type { JobId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { Runtime } from '@farhand/shared/runtime/port';
import { endLeftBehind } from '../agents/acp/connection/left-behind.ts';
import { removeOperationFolder } from '../operations/host/operation-folder.ts';
import { removeSecretFolders } from '../secrets/secret-folder.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import { removeFolder } from '../workspaces/remove-folder.ts';
import type { HostTask } from './task.ts';

/** A host that does not answer for so long is taken to be away. */
const ANSWER_TIMEOUT_MS = 20_000;
/** Removing a large folder takes its time. */
const REMOVE_TIMEOUT_MS = 11 * 60_000;
/** Jobs that are removed at the same time: a workspace may have hundreds. */
const AT_ONCE = 8;

/** Does a task on its host; gives how a stopped job ended. Throws `job.not_found` for a stop, `host.*`, `file.*`, `disk.*`. */
export async function carryOut(runtime: Runtime, task: HostTask): Promise<Exit | null> {
  const { hostId } = runtime;
  switch (task.kind) {
    case 'stop_job':
      return withDeadline(runtime.jobs.stop(task.jobId), ANSWER_TIMEOUT_MS, hostId);
    case 'remove_job':
      await withDeadline(runtime.jobs.remove(task.jobId), ANSWER_TIMEOUT_MS, hostId);
      if (task.agentOf) await endLeftBehind(runtime, task.agentOf);
      return null;
    case 'clear_workspace':
    case 'clear_former':
      await clearWorkspace(runtime, task.workspaceId, task.directory);
      return null;
  }
}

async function clearWorkspace(runtime: Runtime, id: WorkspaceId, directory: string | null): Promise<void> {
  await removeJobsOf(runtime, id);
  if (directory === null) return;
  await withDeadline(removeSecretFolders(runtime, id), ANSWER_TIMEOUT_MS, runtime.hostId);
  await withDeadline(removeOperationFolder(runtime, id), ANSWER_TIMEOUT_MS, runtime.hostId);
  await withDeadline(removeFolder(runtime, id, directory), REMOVE_TIMEOUT_MS, runtime.hostId);
  // One whose start was on its way at the first look. From now on none starts: its folder is gone.
  await removeJobsOf(runtime, id);
}

async function removeJobsOf(runtime: Runtime, id: WorkspaceId): Promise<void> {
  const jobs = await withDeadline(runtime.jobs.list(id), ANSWER_TIMEOUT_MS, runtime.hostId);
  await removeJobs(
    runtime,
    jobs.map((job) => job.id),
  );
}

/** Ends and removes jobs, a few at a time. Throws what the first failure says, after all were tried. */
export async function removeJobs(runtime: Runtime, ids: readonly JobId[]): Promise<void> {
  const waiting = [...ids];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await withDeadline(runtime.jobs.remove(id), ANSWER_TIMEOUT_MS, runtime.hostId);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
}
