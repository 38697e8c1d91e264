import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type JobId, newId, type RunId } from '@farhand/shared/model/ids';
import type { Run } from '@farhand/shared/model/runs';
import type { Exit } from '@farhand/shared/model/terminals';
import type { ErrorInfo } from '@farhand/shared/model/workspaces';
import type { JobSpec } from '@farhand/shared/runtime/port';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import { coverError } from '../secrets/cover-error.ts';
import { followJob, overLostContact } from '../workspaces/follow-job.ts';
import { createRunCapture, type RunCapture } from './run-capture.ts';
import type { RunPlace, RunPlaces } from './run-places.ts';
import type { KeptOutput, StoredRun } from './run-store.ts';

/** How a run came to its end. */
export interface RunEnd {
  readonly state: Exclude<Run['state'], 'asking' | 'running'>;
  readonly exit?: Exit;
  readonly error?: ErrorInfo;
  readonly output?: KeptOutput;
}

/** Starts the jobs of runs and watches them to their end, over lost connections. */
export interface RunFollower {
  newJob(): JobId;
  /** `left` where the server closes, or `leave` was called: it runs on, or not, without being watched. */
  follow(stored: StoredRun): Promise<RunEnd | 'left'>;
  leave(id: RunId): void;
  /** What it printed so far, as far as this process has read it. */
  output(id: RunId): KeptOutput | null;
}

interface FollowerDeps {
  readonly places: RunPlaces;
  readonly hostTasks: Pick<HostTasks, 'do'>;
  readonly closing: AbortSignal;
  /** The host said that it runs; stored before anything else happens. */
  readonly onStarted: (id: RunId, startedAtMs: number) => void;
  readonly onOutput: (id: RunId) => void;
}

interface Following {
  readonly stored: StoredRun;
  readonly jobId: JobId;
  readonly place: RunPlace;
  readonly capture: RunCapture;
  readonly signal: AbortSignal;
}

/** A host that will not let us in does not do so by itself a little later. */
class NotStarted extends Error {}

export function createRunFollower(deps: FollowerDeps): RunFollower {
  const captures = new Map<RunId, RunCapture>();
  const leaving = new Map<RunId, AbortController>();
  const follow = async (stored: StoredRun): Promise<RunEnd | 'left'> => {
    const { run, jobId } = stored;
    if (jobId === null) return failed(new FarhandError('run.lost'));
    const place = deps.places.of(run);
    const capture = createRunCapture(place.redactor);
    captures.set(run.id, capture);
    const leave = new AbortController();
    leaving.set(run.id, leave);
    const signal = AbortSignal.any([leave.signal, deps.closing]);
    try {
      return await followed(deps, { stored, jobId, place, capture, signal });
    } catch (thrown) {
      return { ...failed(coverError(thrown, place.redactor)), output: capture.end() };
    } finally {
      captures.delete(run.id);
      leaving.delete(run.id);
    }
  };
  return {
    newJob: () => newId('job'),
    // What throws before there is a place is an end as well: the workspace or the host is gone.
    follow: (stored) => follow(stored).catch((thrown: unknown) => failed(thrown)),
    leave: (id) => leaving.get(id)?.abort(),
    output: (id) => captures.get(id)?.now() ?? null,
  };
}

async function followed(deps: FollowerDeps, following: Following): Promise<RunEnd | 'left'> {
  const { stored, jobId, place, capture, signal } = following;
  const { run, plan } = stored;
  const startedAtMs = plan.startedAtMs ?? (await started(deps, following));
  if (startedAtMs === null) return 'left';
  const limit = timeLimit(deps, following, startedAtMs);
  try {
    const exit = await followJob(place.runtime, jobId, {
      signal,
      onOutput(stream, _offset, bytes) {
        capture.push(stream, bytes);
        deps.onOutput(run.id);
      },
      onMissed: capture.missed,
    });
    if (exit === 'detached') return 'left';
    const output = capture.end();
    if (exit.kind === 'lost' || exit.kind === 'rebooted')
      return { ...failed(new FarhandError('run.lost', { message: LOST[exit.kind] })), exit, output };
    if (limit.isReached()) return { ...failed(new FarhandError('run.timed_out')), exit, output };
    return { state: 'ended', exit, output };
  } catch (thrown) {
    if (FarhandError.is(thrown, 'job.not_found')) throw new FarhandError('run.lost', { cause: thrown });
    throw thrown;
  } finally {
    limit.end();
  }
}

// The same job each time: a host on which it is already starts nothing. Null where the server closes.
async function started(deps: FollowerDeps, following: Following): Promise<number | null> {
  const { stored, jobId, place, signal } = following;
  const { run, plan } = stored;
  // One that was cancelled is not started any more; where it was, its end is watched.
  if (plan.isCancelled) return Date.now();
  const [program = '', ...rest] = plan.argv;
  const start = async () => {
    const spec: JobSpec = {
      id: jobId,
      command: { argv: [program, ...rest] },
      cwd: await place.cwd(),
      env: { ...place.env, ...plan.environment },
      allowedBy: { approvalId: run.approvalId, rule: run.rule },
      ...(run.workspaceId !== null && { label: run.workspaceId }),
    };
    try {
      await place.runtime.jobs.start(spec);
      return true as const;
    } catch (thrown) {
      if (FarhandError.is(thrown) && !thrown.retryable) throw new NotStarted('', { cause: thrown });
      throw thrown;
    }
  };
  try {
    const answer = await overLostContact(place.runtime, start, { signal });
    if (answer === 'detached') return null;
  } catch (thrown) {
    throw thrown instanceof NotStarted ? thrown.cause : thrown;
  }
  const startedAtMs = Date.now();
  deps.onStarted(run.id, startedAtMs);
  return startedAtMs;
}

function timeLimit({ hostTasks }: FollowerDeps, { stored, jobId }: Following, startedAtMs: number) {
  const { run, plan } = stored;
  let isReached = false;
  const stop = () => {
    isReached = true;
    const task = { kind: 'stop_job', hostId: run.hostId, workspaceId: run.workspaceId, jobId } as const;
    // Kept where the host is away; who follows it sees its end.
    hostTasks.do({ ...task, sessionId: null }).catch(() => {});
  };
  const leftMs = plan.timeoutMs === null ? null : Math.max(0, startedAtMs + plan.timeoutMs - Date.now());
  const timer = leftMs === null ? undefined : setTimeout(stop, leftMs);
  return { isReached: () => isReached, end: () => clearTimeout(timer) };
}

const LOST = {
  lost: 'The command was killed from outside; its exit status is not known.',
  rebooted: 'The command was ended by the reboot of its host.',
};

function failed(thrown: unknown): RunEnd {
  const { code, message, hint, retryable } = FarhandError.from(thrown);
  return { state: 'failed', error: { code, message, hint, retryable } };
}
