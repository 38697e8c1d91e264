/** Runs the repository's own `.farhand/init` on the host. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type JobId, jobId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { JobSpec, Runtime } from '@farhand/shared/runtime/port';
import type { JobUse } from '../../protection/job-use.ts';
import type { Protect } from '../../protection/protect.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { followJob } from '../follow-job.ts';
import type { Making } from './making.ts';
import { createStepOutput } from './step-output.ts';

const INIT: JobUse = { kind: 'init', sessionId: null, by: { kind: 'server', name: null } };
const SCRIPT = 'if [ -x .farhand/init ]; then exec ./.farhand/init; else exec sh ./.farhand/init; fi';

/**
 * A job, so that neither a lost connection nor a restarted server ends it: what still runs is joined again, what failed
 * is started anew. Throws `workspace.init_failed`; what it prints is in the step.
 */
export async function runSetup(making: Making, secrets: Secrets, protect: Protect): Promise<void> {
  const { signal } = making;
  const { id, directory: folder, projectId, hostId } = making.record();
  const directory = folder ?? '';
  const runtime = protect(making.runtime, { workspaceId: id, projectId, hostId, directory }, INIT);
  const job = setupJob(id);
  making.begin('setup');
  await forgetFailed(runtime, job);
  const env = secrets.environment({ projectId, hostId }, INIT.kind);
  const spec: JobSpec = {
    id: job,
    command: { script: SCRIPT },
    cwd: directory,
    env,
    mergeOutput: true,
    label: id,
  };
  await runtime.jobs.start(spec);
  const output = createStepOutput(secrets.redactor(projectId).stream(), (text) =>
    making.output('setup', text),
  );
  const exit = await followJob(runtime, job, {
    signal,
    onOutput: (_stream, _offset, bytes) => output.push(bytes),
  }).finally(output.dispose);
  output.end();
  if (exit === 'detached') throw signal.reason;
  if (exit.kind !== 'exited' || exit.code !== 0) {
    throw new FarhandError('workspace.init_failed', {
      message: `The repository’s .farhand/init script ${describeExit(exit)}.`,
      details: { exit },
    });
  }
  await runtime.jobs.remove(job);
  making.done('setup', '.farhand/init ended well');
}

/** The job of a workspace's setup has the workspace's own random part, so a restarted server finds it. */
function setupJob(workspace: WorkspaceId): JobId {
  return jobId.parse(`job_${workspace.slice('ws_'.length)}`);
}

async function forgetFailed(runtime: Runtime, job: JobId): Promise<void> {
  try {
    const { status } = await runtime.jobs.get(job);
    const isFailed = status.state === 'ended' && !(status.exit.kind === 'exited' && status.exit.code === 0);
    if (isFailed) await runtime.jobs.remove(job);
  } catch (error) {
    if (!FarhandError.is(error, 'job.not_found')) throw error;
  }
}

function describeExit(exit: Exit): string {
  if (exit.kind === 'exited') return `ended with status ${exit.code}`;
  return exit.kind === 'signaled' ? `was ended by ${exit.signal}` : 'ended without leaving a status';
}
