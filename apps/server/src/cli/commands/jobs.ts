import type { HostJob } from '@farhand/shared/model/jobs';
import type { Command } from 'commander';
import type { Context, ContextOf } from '../context.ts';
import { parseHost } from '../parse-host.ts';
import { table } from '../terminal.ts';

/** `farhand jobs <host>`: all that Farhand servers run, or ran, there. */
export function addJobs(program: Command, contextOf: ContextOf): void {
  program
    .command('jobs <host>')
    .description('list the jobs on a host, with the workspace that each belongs to')
    .action((host: string, _options: unknown, command: Command) => jobs(host, contextOf(command)));
}

/** `farhand sweep <host>`: never touches what another server made. */
export function addSweep(program: Command, contextOf: ContextOf): void {
  program
    .command('sweep <host>')
    .description('remove from a host what is left there of workspaces that were deleted here')
    .action((host: string, _options: unknown, command: Command) => sweep(host, contextOf(command)));
}

async function jobs(host: string, { call, output }: Context): Promise<void> {
  const [{ jobs: found }, { workspaces }] = await Promise.all([
    call('host.jobs', { hostId: parseHost(host) }),
    call('workspace.list', {}),
  ]);
  const names = new Map<string, string>(workspaces.map(({ id, name }) => [id, name]));
  const rows = found.map((job) => [
    job.jobId,
    nameOf(job, names),
    statusText(job),
    `${Math.ceil(job.keptBytes / 1024)} KiB`,
  ]);
  const text = rows.length === 0 ? 'No jobs.' : table([['JOB', 'WORKSPACE', 'STATUS', 'KEPT'], ...rows]);
  output.result(text, { jobs: found });
}

async function sweep(host: string, { call, output }: Context): Promise<void> {
  const { removed } = await call('host.sweep', { hostId: parseHost(host) });
  const text = removed === 0 ? 'Nothing was left there.' : `Removed ${removed} jobs and folders.`;
  output.result(text, { removed });
}

function nameOf({ workspaceId, isKnown }: HostJob, names: ReadonlyMap<string, string>): string {
  if (workspaceId === null) return '(none)';
  return isKnown ? (names.get(workspaceId) ?? workspaceId) : `${workspaceId} (not here)`;
}

function statusText({ status }: HostJob): string {
  if (status.state === 'running') return 'running';
  const { exit } = status;
  if (exit.kind === 'exited') return `exited ${exit.code}`;
  return exit.kind === 'signaled' ? exit.signal : exit.kind;
}
