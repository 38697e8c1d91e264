import type { Workspace, WorkspaceStep } from '@farhand/shared/model/workspaces';

const NAMES: Readonly<Record<WorkspaceStep['name'], string>> = {
  connect: 'Connect to the host',
  prepare: 'Prepare the folder',
  send: 'Send the code',
  checkout: 'Check out the branch',
  setup: 'Run the repository’s setup',
};

/** What a step does, as a person reads it. */
export const stepName = (step: Pick<WorkspaceStep, 'name'>): string => NAMES[step.name];

/** How long a step took, or takes so far; null before it began. */
export function stepDurationMs(
  step: Pick<WorkspaceStep, 'startedAt' | 'endedAt'>,
  now: number,
): number | null {
  if (step.startedAt === null) return null;
  const end = step.endedAt === null ? now : Date.parse(step.endedAt);
  return Math.max(0, end - Date.parse(step.startedAt));
}

/** All that is known of a failed step, as text to paste into a report. */
export function stepReport(workspace: Workspace, step: WorkspaceStep): string {
  const facts = [
    `workspace: ${workspace.name} (${workspace.id})`,
    `host: ${workspace.hostId}`,
    `branch: ${workspace.baseBranch}`,
    `step: ${step.name}`,
    step.error && `${step.error.code}: ${step.error.message}`,
    step.error?.hint,
    step.detail,
    step.output,
  ];
  return facts.filter(Boolean).join('\n');
}
