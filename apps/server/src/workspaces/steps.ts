/** The steps of a creation as a value; each function gives the changed list. */
import type { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { WorkspaceStep } from '@farhand/shared/model/workspaces';

export type StepName = WorkspaceStep['name'];
type Steps = readonly WorkspaceStep[];

export const STEP_NAMES: readonly StepName[] = ['connect', 'prepare', 'send', 'checkout', 'setup'];

export function newSteps(): WorkspaceStep[] {
  return STEP_NAMES.map(waiting);
}

const waiting = (name: StepName): WorkspaceStep => ({
  name,
  state: 'waiting',
  detail: null,
  output: null,
  startedAt: null,
  endedAt: null,
  error: null,
});

/** The one that creation goes on from; undefined when all are behind it. */
export function nextStep(steps: Steps): StepName | undefined {
  return steps.find((step) => step.state !== 'done' && step.state !== 'skipped')?.name;
}

export function beginStep(steps: Steps, name: StepName): WorkspaceStep[] {
  return edit(steps, name, () => ({ ...waiting(name), state: 'running', startedAt: now() }));
}

export function noteStep(
  steps: Steps,
  name: StepName,
  note: { detail?: string; output?: string },
): WorkspaceStep[] {
  return edit(steps, name, (step) => ({ ...step, ...note }));
}

export function endStep(
  steps: Steps,
  name: StepName,
  state: 'done' | 'skipped',
  detail: string | null,
): WorkspaceStep[] {
  return edit(steps, name, (step) => ({ ...step, state, detail: detail ?? step.detail, endedAt: now() }));
}

/** Marks the step that runs, or the first that waits, as failed. */
export function failStep(steps: Steps, error: FarhandError): WorkspaceStep[] {
  const name = steps.find((step) => step.state === 'running')?.name ?? nextStep(steps) ?? 'setup';
  const { code, message, hint, retryable } = error;
  return edit(steps, name, (step) => ({
    ...step,
    state: 'failed',
    endedAt: now(),
    error: { code, message, hint, retryable },
  }));
}

/** What failed waits again, and so does what was under way when the server stopped. */
export function resetSteps(steps: Steps): WorkspaceStep[] {
  return steps.map((step) =>
    step.state === 'failed' || step.state === 'running' ? waiting(step.name) : step,
  );
}

const edit = (steps: Steps, name: StepName, change: (step: WorkspaceStep) => WorkspaceStep) =>
  steps.map((step) => (step.name === name ? change(step) : step));

const now = () => new Date().toISOString();
