import type { JobId, WorkspaceId } from '@farhand/shared/model/ids';
import type { JobRecord, Runtime } from '@farhand/shared/runtime/port';

/** Of a workspace's ended jobs; the newest stay. */
export interface JobLimits {
  readonly count: number;
  readonly bytes: number;
}

const DEFAULT_JOB_LIMITS: JobLimits = { count: 50, bytes: 256 * 1024 ** 2 };

interface Clearing {
  readonly limits: JobLimits | undefined;
  readonly isShown: (id: JobId) => boolean;
}

/** Removes ended jobs beyond the limits, oldest first, but none that is shown; gives what the rest takes in bytes. */
export async function clearEndedJobs(
  runtime: Runtime,
  workspace: WorkspaceId,
  { limits = DEFAULT_JOB_LIMITS, isShown }: Clearing,
): Promise<number> {
  const jobs = await runtime.jobs.list(workspace);
  const ended = jobs.filter(({ id, status }) => status.state === 'ended' && !isShown(id));
  const isWithin = ended.length <= limits.count && sum(ended) <= limits.bytes;
  const surplus = isWithin ? [] : beyond(await newestFirst(runtime, ended), limits);
  for (const { id } of surplus) await runtime.jobs.remove(id);
  return sum(jobs) - sum(surplus);
}

function beyond(newest: readonly JobRecord[], { count, bytes }: JobLimits): JobRecord[] {
  let keptBytes = 0;
  return newest.filter((job, index) => {
    keptBytes += job.keptBytes;
    return index >= count || keptBytes > bytes;
  });
}

/** By when the last file was made in a job's folder: the one that holds its exit. */
async function newestFirst(runtime: Runtime, jobs: readonly JobRecord[]): Promise<JobRecord[]> {
  const { home } = await runtime.facts();
  const folders = await runtime.files.list(`${home}/.farhand/jobs`);
  const endedAtMs = new Map(folders.map(({ name, modifiedAtMs }) => [name, modifiedAtMs]));
  return jobs.toSorted((a, b) => (endedAtMs.get(b.id) ?? 0) - (endedAtMs.get(a.id) ?? 0));
}

function sum(jobs: readonly JobRecord[]): number {
  return jobs.reduce((total, { keptBytes }) => total + keptBytes, 0);
}
