import type { HostJob, WorkspaceJob } from '@farhand/shared/model/jobs';

type Job = Pick<HostJob | WorkspaceJob, 'jobId' | 'status' | 'keptBytes'>;

/** What a list of jobs amounts to. */
export function jobTotals(jobs: readonly (Job & { readonly isKnown: boolean })[]) {
  return {
    running: jobs.filter(({ status }) => status.state === 'running').length,
    unknown: jobs.filter(({ isKnown }) => !isKnown).length,
    keptBytes: jobs.reduce((sum, { keptBytes }) => sum + keptBytes, 0),
  };
}

/** Running ones first, otherwise as they came. */
export function byState<One extends Job>(jobs: readonly One[]): readonly One[] {
  const rank = (job: One) => (job.status.state === 'running' ? 0 : 1);
  return jobs.toSorted((a, b) => rank(a) - rank(b));
}
