import { commandText } from '@farhand/shared/model/command-text';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { ProgramAsker, ProgramRequest } from '../approvals/approvals.ts';
import type { StoredRun } from './run-store.ts';

/** Who asks for a run, and what is asked. The same for the same run, also after a restart. */
export function runQuestion(
  { run, plan }: StoredRun,
  workspace: Workspace | null,
): [asker: ProgramAsker, request: ProgramRequest] {
  const { id, hostId, by, sessionId, operation, cwd } = run;
  const { preset, title, why } = plan;
  return [
    { session: null, by, hostId, workspace, forSession: sessionId, preset },
    {
      key: id,
      title,
      cwd: cwd ?? (operation === null ? (workspace?.directory ?? null) : null),
      subject: { kind: 'command', command: commandText(plan.argv) },
      effect: 'execute',
      paths: [],
      ...(why !== null && { why }),
    },
  ];
}
