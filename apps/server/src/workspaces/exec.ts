/** Runs one command of a person in a workspace. */
import { newId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { CallOutput } from '@farhand/shared/protocol/calls';
import type { Environment, JobStream, Runtime } from '@farhand/shared/runtime/port';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { followJob } from './follow-job.ts';

export interface ExecRequest {
  readonly id: WorkspaceId;
  readonly runtime: Runtime;
  readonly directory: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Environment;
  readonly redactor: Redactor;
  readonly hostTasks: HostTasks;
  /** Aborted when nobody waits for it any more: then the job is ended. */
  readonly signal: AbortSignal | undefined;
  /** Aborted when the server closes: then the job runs on. */
  readonly closing: AbortSignal;
}

const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * A job, so that it outlives a lost connection; removed once its end is known. Its end is `detached` where nobody waits
 * for it any more, and then it is ended, on a host that is away on its return; or where the server closes: it runs on.
 */
export async function runInWorkspace(request: ExecRequest): Promise<CallOutput<'workspace.exec'>> {
  const { id, runtime, directory, argv, env, redactor, hostTasks, signal, closing } = request;
  const job = newId('job');
  const streams = { out: createCapture(redactor), err: createCapture(redactor) };
  const onOutput = (stream: JobStream, _offset: number, bytes: Uint8Array) => streams[stream].push(bytes);
  const { hostId } = runtime;
  const about = { hostId, workspaceId: id, jobId: job };
  const exit = await followJob(runtime, job, {
    start: { id: job, command: { argv }, cwd: directory, env, label: id },
    signal: AbortSignal.any(signal ? [signal, closing] : [closing]),
    onOutput,
    onMissed: (stream) => streams[stream].missed(),
  });
  const clear = async () => {
    // Its start may be on its way yet: a stop looks for it again, a removal would find nothing to do.
    if (exit === 'detached') await hostTasks.do({ kind: 'stop_job', ...about, sessionId: null });
    await hostTasks.do({ kind: 'remove_job', ...about });
  };
  // Nobody waits for its folder to go; where that fails, it goes with the workspace, whose label it has.
  if (!closing.aborted) clear().catch(() => {});
  const [stdout, stderr] = [streams.out.end(), streams.err.end()];
  return {
    end: exit === 'detached' ? exit : exit.kind,
    exitCode: exit !== 'detached' && exit.kind === 'exited' ? exit.code : null,
    signal: exit !== 'detached' && exit.kind === 'signaled' ? exit.signal : null,
    stdout: stdout.bytes.toString('base64'),
    stderr: stderr.bytes.toString('base64'),
    truncated: stdout.truncated || stderr.truncated,
  };
}

function createCapture(redactor: Redactor) {
  const redaction = redactor.bytes();
  const pieces: Uint8Array[] = [];
  let roomBytes = MAX_OUTPUT_BYTES;
  let truncated = false;
  const keep = (bytes: Uint8Array) => {
    if (bytes.byteLength > roomBytes) truncated = true;
    // Copied, because a piece may share memory with what its giver uses again.
    if (roomBytes > 0 && bytes.byteLength > 0) pieces.push(Uint8Array.from(bytes.subarray(0, roomBytes)));
    roomBytes = Math.max(0, roomBytes - bytes.byteLength);
  };
  return {
    push: (bytes: Uint8Array) => keep(redaction.push(bytes)),
    missed: () => {
      truncated = true;
    },
    end: () => {
      keep(redaction.end());
      return { bytes: Buffer.concat(pieces), truncated };
    },
  };
}
