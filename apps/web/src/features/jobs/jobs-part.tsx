import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { WorkspaceJob } from '@farhand/shared/model/jobs';
import { useQuery } from '@tanstack/react-query';
import { RotateCw, SquareTerminal, TerminalSquare } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { formatBytes } from '@/client/bytes.ts';
import { call } from '@/client/call.ts';
import { agoText } from '@/client/duration.ts';
import { useSessionsOf, useTerminalsOf } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { showError } from '@/ui/toast.tsx';
import { Part, Quiet } from '../changes/part.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { byState } from '../hosts/job-totals.ts';
import { exitStatus } from '../transcript/tool-line.ts';

const MINUTE_MS = 60_000;
const LISTED = 20;

/** The jobs of a workspace as its host tells of them, running ones first, each of which can be stopped. */
export function Jobs({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const { data, error, refetch, isFetching } = useJobs(workspaceId);
  const jobs = byState(data?.jobs ?? []);
  const now = useNow(MINUTE_MS / 2, jobs.length > 0);
  const aside = (
    <IconButton label="Ask the host again" disabled={isFetching} onClick={() => void refetch()}>
      <RotateCw className="size-3.5" aria-hidden />
    </IconButton>
  );
  return (
    <Part title="Jobs" count={data?.jobs.length} aside={aside}>
      {error && <NotKnown error={ApiError.from(error)} isStale={data !== undefined} />}
      {data && jobs.length === 0 && <Quiet>None is on the host.</Quiet>}
      <ul>
        {jobs.slice(0, LISTED).map((job) => (
          <JobRow
            key={job.jobId}
            workspaceId={workspaceId}
            job={job}
            now={now}
            onStopped={() => void refetch()}
          />
        ))}
      </ul>
      {jobs.length > LISTED && <Quiet>{jobs.length - LISTED} older ones are not listed.</Quiet>}
    </Part>
  );
}

/** The jobs as the host last told of them; it is asked again when what starts or ends a job shows elsewhere. */
function useJobs(workspaceId: WorkspaceId) {
  const sessions = useSessionsOf(workspaceId).map(({ id, state }) => `${id} ${state}`);
  const terminals = useTerminalsOf(workspaceId).map(({ id, exit }) => `${id} ${exit === null}`);
  const hint = [...sessions, ...terminals].join(',');
  const jobs = useQuery({
    queryKey: ['jobs', workspaceId],
    queryFn: ({ signal }) => call('workspace.jobs', { workspaceId }, { signal }),
    staleTime: 0,
  });
  const { refetch } = jobs;
  const seen = useRef(hint);
  useEffect(() => {
    if (seen.current === hint) return;
    seen.current = hint;
    void refetch();
  }, [hint, refetch]);
  return jobs;
}

// Why a host cannot be asked stands at its connection already.
function NotKnown({ error, isStale }: { readonly error: ApiError; readonly isStale: boolean }) {
  if (error.code.startsWith('host.'))
    return (
      <Quiet>
        {isStale ? 'As last seen: no contact with the host.' : 'Not known: no contact with the host.'}
      </Quiet>
    );
  return (
    <div className="px-3">
      <InlineError error={error} />
    </div>
  );
}

interface JobRowProps {
  readonly workspaceId: WorkspaceId;
  readonly job: WorkspaceJob;
  readonly now: number;
  readonly onStopped: () => void;
}

function JobRow({ workspaceId, job, now, onStopped }: JobRowProps) {
  const title = job.title ?? (job.kind === 'terminal' ? 'Terminal' : 'Command');
  const Icon = job.kind === 'terminal' ? SquareTerminal : TerminalSquare;
  const ended = job.status.state === 'ended' ? exitStatus(job.status.exit) : null;
  const facts = [job.startedAt && agoText(now - Date.parse(job.startedAt)), formatBytes(job.keptBytes)];
  return (
    <li className="flex h-7 items-center gap-2 pr-2 pl-3 phone:h-11">
      <Icon className={`size-3.5 shrink-0 ${ended ? 'text-text-3' : 'text-working'}`} aria-hidden />
      <span className={`min-w-0 flex-1 truncate ${ended ? 'text-text-2' : 'text-text'}`} title={title}>
        {title}
      </span>
      <span className="shrink-0 text-small tabular-nums text-text-3">
        {facts.filter(Boolean).join(' · ')}
      </span>
      {ended ? (
        <span className={`shrink-0 text-small ${ended.tone === 'bad' ? 'text-failed' : 'text-text-3'}`}>
          {ended.label}
        </span>
      ) : (
        <Stop workspaceId={workspaceId} job={job} title={title} onStopped={onStopped} />
      )}
    </li>
  );
}

function Stop({ workspaceId, job, title, onStopped }: Omit<JobRowProps, 'now'> & { readonly title: string }) {
  const [isStopping, setIsStopping] = useState(false);
  const stop = async () => {
    setIsStopping(true);
    try {
      await call('job.stop', { workspaceId, jobId: job.jobId });
      onStopped();
    } catch (error) {
      showError('The job was not stopped', error);
    }
    setIsStopping(false);
  };
  return (
    <Button size="small" aria-label={`Stop ${title}`} disabled={isStopping} onClick={() => void stop()}>
      {isStopping ? 'Stopping' : 'Stop'}
    </Button>
  );
}
