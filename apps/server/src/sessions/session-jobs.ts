import type { JobId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Runtime } from '@farhand/shared/runtime/port';

/** Deleting does not wait longer than this for a host that does not answer. */
const REMOVE_WITHIN_MS = 10_000;

/** The jobs that a session's agent started. */
export function jobsOf(items: readonly TranscriptItem[]): JobId[] {
  return items.flatMap((item) => (item.kind === 'tool_call' && item.jobId !== null ? [item.jobId] : []));
}

/**
 * Ends and removes jobs on their host. Where the host is out of reach this returns all the same: they are removed when
 * it is back while this server runs, and otherwise with their workspace.
 */
export async function removeJobs(runtime: Runtime, jobs: readonly JobId[]): Promise<void> {
  if (jobs.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), REMOVE_WITHIN_MS)));
  const isDone = await Promise.race([removeNow(runtime, jobs), late]);
  clearTimeout(timer);
  if (!isDone) removeWhenBack(runtime, jobs);
}

async function removeNow(runtime: Runtime, jobs: readonly JobId[]): Promise<boolean> {
  const results = await Promise.allSettled(jobs.map((id) => runtime.jobs.remove(id)));
  return results.every(({ status }) => status === 'fulfilled');
}

function removeWhenBack(runtime: Runtime, jobs: readonly JobId[]): void {
  const unwatch = runtime.watchConnection(({ state }) => {
    if (state !== 'connected') return;
    unwatch();
    void removeNow(runtime, jobs);
  });
}
