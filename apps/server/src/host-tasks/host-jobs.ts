/** The jobs on hosts, as a person looks at them and ends them. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import { type JobId, type WorkspaceId, workspaceId as workspaceIdOf } from '@farhand/shared/model/ids';
import type { HostJob, WorkspaceJob } from '@farhand/shared/model/jobs';
import type { Exit, Terminal } from '@farhand/shared/model/terminals';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { withDeadline } from '../workspaces/deadline.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { HostTasks } from './host-tasks.ts';
import type { Sweep } from './sweep.ts';

export interface HostJobs {
  /** All jobs on a host, of other servers too. Throws `host.*`. */
  ofHost(hostId: HostId): Promise<HostJob[]>;
  /** Throws `workspace.not_found`, `host.*`. */
  ofWorkspace(id: WorkspaceId): Promise<WorkspaceJob[]>;
  /** Ends a job of the workspace; `isKept` where the host is away. Throws `job.not_found`. */
  stop(id: WorkspaceId, job: JobId): Promise<{ exit: Exit | null; isKept: boolean }>;
  /** Removes what is left of workspaces that this server deleted; gives how many jobs and folders. */
  sweep(hostId: HostId): Promise<number>;
  /** At the server's start: what was kept for hosts, and sweeps when they connect. */
  resumeAll(): void;
  /** Leaves what is kept to the next server. */
  close(): void;
}

export interface HostJobsDeps {
  readonly runtimes: Pick<Runtimes, 'for'>;
  readonly workspaces: Pick<Workspaces, 'list' | 'get' | 'runtime'>;
  readonly terminals: { list(): Terminal[] };
  /** The calls of all sessions of a workspace. */
  readonly callsOf: (id: WorkspaceId) => readonly ToolCallItem[];
  /** Programs that run for the sessions of a workspace beside their calls: agents and MCP servers. */
  readonly programsOf: (id: WorkspaceId) => readonly { readonly jobId: JobId; readonly title: string }[];
  readonly tasks: HostTasks;
  readonly sweep: Sweep;
}

/** A person waits for it. */
const ANSWER_TIMEOUT_MS = 20_000;
const STOP_WITHIN_MS = 10_000;

export function createHostJobs(deps: HostJobsDeps): HostJobs {
  const { runtimes, workspaces, terminals, callsOf, programsOf, tasks, sweep } = deps;

  async function list(hostId: HostId, label?: WorkspaceId) {
    return withDeadline(runtimes.for(hostId).jobs.list(label), ANSWER_TIMEOUT_MS, hostId);
  }

  return {
    async ofHost(hostId) {
      const known = new Set<string>(workspaces.list().map(({ id }) => id));
      return (await list(hostId)).map(({ id, label, status, keptBytes }) => {
        const workspaceId = workspaceIdOf.safeParse(label).data ?? null;
        const isKnown = workspaceId !== null && known.has(workspaceId);
        return { jobId: id, workspaceId, isKnown, status, keptBytes };
      });
    },
    async ofWorkspace(id) {
      const records = await list(workspaces.get(id).hostId, id);
      const named = new Map<JobId, Pick<WorkspaceJob, 'kind' | 'title' | 'startedAt'>>();
      for (const { jobId, title } of programsOf(id))
        named.set(jobId, { kind: 'command', title, startedAt: null });
      for (const { jobId, title, startedAt } of callsOf(id))
        if (jobId !== null) named.set(jobId, { kind: 'command', title, startedAt });
      for (const { jobId, title, createdAt, workspaceId } of terminals.list())
        if (workspaceId === id) named.set(jobId, { kind: 'terminal', title, startedAt: createdAt });
      const unnamed = { kind: 'command', title: null, startedAt: null } as const;
      return records.map(({ id: jobId, status, keptBytes }) => ({
        jobId,
        ...(named.get(jobId) ?? unnamed),
        status,
        keptBytes,
      }));
    },
    async stop(id, jobId) {
      const { hostId } = workspaces.get(id);
      await checkOwner(deps, id, jobId);
      const task = { kind: 'stop_job', hostId, workspaceId: id, jobId, sessionId: null } as const;
      const end = await tasks.do(task, { withinMs: STOP_WITHIN_MS });
      if (end.state === 'missing') throw new FarhandError('job.not_found', { details: { jobId } });
      return { exit: end.state === 'done' ? end.exit : null, isKept: end.state === 'kept' };
    },
    sweep: (hostId) => sweep.run(hostId),
    resumeAll() {
      tasks.resumeAll();
      sweep.resumeAll();
    },
    close() {
      sweep.close();
      tasks.close();
    },
  };
}

// What this server started it knows without the host; of anything else the host's label says whose it is.
async function checkOwner({ workspaces, terminals, callsOf }: HostJobsDeps, id: WorkspaceId, jobId: JobId) {
  if (terminals.list().some((one) => one.jobId === jobId && one.workspaceId === id)) return;
  if (callsOf(id).some((call) => call.jobId === jobId)) return;
  const runtime = workspaces.runtime(id);
  const { label } = await withDeadline(runtime.jobs.get(jobId), ANSWER_TIMEOUT_MS, runtime.hostId);
  if (label !== id) throw new FarhandError('job.not_found', { details: { jobId } });
}
