import type { HostId } from '@farhand/shared/model/hosts';
import type { HostJob } from '@farhand/shared/model/jobs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { formatBytes } from '@/client/bytes.ts';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { exitStatus } from '../transcript/tool-line.ts';
import { byState, jobTotals } from './job-totals.ts';

const LISTED = 8;

/** The jobs on a host, running ones first; those that no workspace here knows, with a way to be rid of them. */
export function HostJobs({ hostId }: { readonly hostId: HostId }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['host_jobs', hostId],
    queryFn: ({ signal }) => call('host.jobs', { hostId }, { signal }),
    staleTime: 0,
  });
  if (error) return <p className="text-small text-failed">{ApiError.from(error).message}</p>;
  if (!data) return <Skeleton className="h-4 w-40" />;
  const { running, unknown, keptBytes } = jobTotals(data.jobs);
  return (
    <>
      <p className="flex justify-between gap-3 text-small">
        <span className="font-medium text-text-2">Jobs on the host</span>
        <span className="tabular-nums text-text-3">
          {running} running, {data.jobs.length} kept, {formatBytes(keptBytes)}
        </span>
      </p>
      <ul className="flex flex-col">
        {byState(data.jobs)
          .slice(0, LISTED)
          .map((job) => (
            <JobLine key={job.jobId} job={job} />
          ))}
      </ul>
      {data.jobs.length > LISTED && (
        <p className="text-small text-text-3">{data.jobs.length - LISTED} more are not listed.</p>
      )}
      {unknown > 0 && <Sweep hostId={hostId} count={unknown} onSwept={() => void refetch()} />}
    </>
  );
}

function JobLine({ job }: { readonly job: HostJob }) {
  const name = useServerState((state) =>
    job.workspaceId ? state.workspaces[job.workspaceId]?.name : undefined,
  );
  const status = job.status.state === 'running' ? 'running' : exitStatus(job.status.exit).label;
  return (
    <li className="flex items-baseline gap-2 text-small leading-5">
      <span className={job.isKnown ? 'min-w-0 flex-1 truncate' : 'min-w-0 flex-1 truncate text-blocked'}>
        {job.isKnown ? (name ?? 'a workspace') : 'unknown'}
      </span>
      <span className={job.status.state === 'running' ? 'text-working' : 'text-text-3'}>{status}</span>
      <span className="w-14 text-right tabular-nums text-text-3">{formatBytes(job.keptBytes)}</span>
    </li>
  );
}

interface SweepProps {
  readonly hostId: HostId;
  readonly count: number;
  readonly onSwept: () => void;
}

function Sweep({ hostId, count, onSwept }: SweepProps) {
  const [isSweeping, setIsSweeping] = useState(false);
  const [removed, setRemoved] = useState<number | null>(null);
  const sweep = async () => {
    setIsSweeping(true);
    try {
      setRemoved((await call('host.sweep', { hostId })).removed);
      onSwept();
    } catch (error) {
      showError('The host was not swept', error);
    }
    setIsSweeping(false);
  };
  return (
    <div className="flex items-start gap-3">
      <output className="min-w-0 flex-1 text-small text-text-3">
        {removed === null
          ? `${count} ${count === 1 ? 'is' : 'are'} of no workspace here. Sweep ends and removes those of deleted workspaces; what another Farhand started stays.`
          : `${removed} removed; ${count} may be another Farhand’s and stay.`}
      </output>
      <Button size="small" disabled={isSweeping} onClick={() => void sweep()}>
        Sweep
      </Button>
    </div>
  );
}
