import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { removeJobs } from '../../host-tasks/carry-out.ts';
import type { Projects } from '../../projects/projects.ts';
import type { ArchiveRecord, WorkspaceRecord } from '../workspace-store.ts';
import type { Archives } from './archives.ts';
import { type CaptureLimits, capture } from './capture.ts';

/** What bringing a workspace's work to the server needs. */
export interface CaptureDeps {
  readonly runtimes: Runtimes;
  readonly projects: Pick<Projects, 'repository'>;
  readonly archives: Archives;
  readonly scratchDirectory: string;
  readonly limits: CaptureLimits;
  /** Through what the repository is read, which may hold a trap. */
  readonly lookFrom: (runtime: Runtime, place: { workspaceId: WorkspaceId; directory: string }) => Runtime;
}

/** One look, kept under the record's id. `endsJobs` ends all jobs of the workspace first, so that nothing is written while it looks. */
export async function captureNow(
  deps: CaptureDeps,
  record: WorkspaceRecord,
  { signal, endsJobs }: { signal: AbortSignal; endsJobs: boolean },
): Promise<ArchiveRecord> {
  const { runtimes, projects, archives, scratchDirectory, limits } = deps;
  const runtime = runtimes.for(record.hostId);
  if (endsJobs) {
    const jobs = await runtime.jobs.list(record.id);
    await removeJobs(
      runtime,
      jobs.map((job) => job.id),
    );
  }
  const git = projects.repository(record.projectId);
  const { id: workspaceId, directory } = record;
  const looking = directory === null ? runtime : deps.lookFrom(runtime, { workspaceId, directory });
  return capture({ record, runtime: looking, git, archives, scratchDirectory, limits, signal });
}
