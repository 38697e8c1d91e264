/** The command that a person named, run as a job in a variant once its turn has ended. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import type { Exit } from '@farhand/shared/model/terminals';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Log } from '../logging/log.ts';
import type { JobUse } from '../protection/job-use.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { createStepOutput } from '../workspaces/creation/step-output.ts';
import { followJob } from '../workspaces/follow-job.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { ComparisonRecords, VariantPlace } from './records.ts';

export interface TestRuns {
  /** Runs it anew; one that runs is ended first. Throws `workspace.not_ready`, `workspace.missing`. */
  start(place: VariantPlace): void;
  /** Goes on with one that runs on the host. */
  resume(place: VariantPlace): void;
  /** Ends it; what is left of it is forgotten. */
  stop(place: VariantPlace): void;
  /** Leaves what runs to the next server. */
  close(): void;
}

export interface TestRunsDeps {
  readonly records: ComparisonRecords;
  readonly workspaces: Pick<Workspaces, 'ready'>;
  readonly secrets: Pick<Secrets, 'environment' | 'redactor'>;
  readonly hostTasks: HostTasks;
  readonly log?: Pick<Log, 'warn'> | undefined;
  /** Of a test; 30 minutes where not given. */
  readonly timeLimitMs?: number;
}

const TIME_LIMIT_MS = 30 * 60_000;

/** A person's command: on record, and in the sandbox of its workspace, as any other. */
const TEST: JobUse = { kind: 'terminal', sessionId: null, by: { kind: 'server', name: 'comparison' } };

type StopReason = 'close' | 'stop' | 'late';

export function createTestRuns(deps: TestRunsDeps): TestRuns {
  const running = new Map<string, AbortController>();
  const keyOf = ({ comparisonId, variantId }: VariantPlace) => `${comparisonId} ${variantId}`;
  const end = (place: VariantPlace, reason: StopReason) => {
    running.get(keyOf(place))?.abort(reason);
    running.delete(keyOf(place));
  };

  function follow(place: VariantPlace): void {
    const stop = new AbortController();
    running.set(keyOf(place), stop);
    run(deps, place, stop)
      .catch((error: unknown) => {
        const variant = deps.records.find(place);
        if (stop.signal.aborted || !variant?.test) return;
        const { message } = FarhandError.from(error);
        deps.log?.warn('comparison.test_failed', { ...place, error });
        deps.records.changeVariant(place, {
          test: { ...variant.test, state: 'failed', output: message },
          testJob: null,
        });
      })
      // Nor is that stored: the next server follows it again.
      .catch((error: unknown) => deps.log?.warn('comparison.not_stored', { ...place, error }))
      .finally(() => running.get(keyOf(place)) === stop && running.delete(keyOf(place)));
  }

  return {
    start(place) {
      const { workspaceId } = deps.records.variant(place);
      if (workspaceId === null) throw new FarhandError('workspace.not_found');
      deps.workspaces.ready(workspaceId);
      end(place, 'stop');
      deps.records.changeVariant(place, {
        test: { state: 'running', output: '', durationMs: null },
        testJob: newId('job'),
        testStartedAt: new Date().toISOString(),
      });
      follow(place);
    },
    resume: follow,
    stop: (place) => end(place, 'stop'),
    close() {
      for (const stop of running.values()) stop.abort('close');
      running.clear();
    },
  };
}

async function run(deps: TestRunsDeps, place: VariantPlace, stop: AbortController): Promise<void> {
  const { records, workspaces, secrets, hostTasks, timeLimitMs = TIME_LIMIT_MS } = deps;
  const { testCommand } = records.get(place.comparisonId);
  const { workspaceId, testJob, testStartedAt } = records.variant(place);
  if (workspaceId === null || testJob === null || testCommand === null) return;
  const { workspace, directory, runtime } = workspaces.ready(workspaceId, TEST);
  const startedMs = Date.parse(testStartedAt ?? '') || Date.now();
  const timer = setTimeout(() => stop.abort('late'), Math.max(0, startedMs + timeLimitMs - Date.now()));
  let shown = '';
  const redaction = secrets.redactor(workspace.projectId).stream();
  const output = createStepOutput(redaction, (text) => (shown = text));
  const exit = await followJob(runtime, testJob, {
    start: {
      id: testJob,
      command: { script: testCommand },
      cwd: directory,
      env: secrets.environment(workspace, 'terminal'),
      mergeOutput: true,
      label: workspaceId,
    },
    signal: stop.signal,
    onOutput: (_stream, _offset, bytes) => output.push(bytes),
  }).finally(() => {
    clearTimeout(timer);
    output.dispose();
  });
  const reason = stop.signal.reason as StopReason | undefined;
  if (exit === 'detached' && reason === 'close') return;
  output.end();
  const about = { hostId: runtime.hostId, workspaceId, jobId: testJob };
  // What cannot be removed now goes with the workspace, whose label it has.
  void clear(hostTasks, about, exit === 'detached').catch(() => {});
  if (exit === 'detached' && reason !== 'late') return;
  const isPassed = exit !== 'detached' && exit.kind === 'exited' && exit.code === 0;
  records.changeVariant(place, {
    test: {
      state: isPassed ? 'passed' : 'failed',
      output: `${shown}${note(exit, timeLimitMs)}`.slice(-MAX_OUTPUT_CHARS),
      durationMs: Date.now() - startedMs,
    },
    testJob: null,
  });
}

const MAX_OUTPUT_CHARS = 16 * 1024;

async function clear(
  tasks: HostTasks,
  about: Pick<Parameters<HostTasks['do']>[0] & { kind: 'remove_job' }, 'hostId' | 'workspaceId' | 'jobId'>,
  isRunning: boolean,
): Promise<void> {
  // Its start may be on its way yet: a stop looks for it again, a removal would find nothing to do.
  if (isRunning) await tasks.do({ kind: 'stop_job', ...about, sessionId: null });
  await tasks.do({ kind: 'remove_job', ...about });
}

/** What the output alone does not tell of the end. */
function note(exit: Exit | 'detached', timeLimitMs: number): string {
  if (exit === 'detached')
    return `\n[ended: it took longer than ${Math.round(timeLimitMs / 60_000)} minutes]\n`;
  if (exit.kind === 'exited') return '';
  return exit.kind === 'signaled' ? `\n[ended by ${exit.signal}]\n` : '\n[ended without leaving a status]\n';
}
