import { commandTextWith } from '@farhand/shared/model/command-text';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { ProgramAsker, ProgramRequest } from '../approvals/approvals.ts';
import type { StoredRun } from './run-store.ts';

/** Who asks for a run, and what is asked; `directory` is where it begins if nothing else is said. The same for the same run, also after a restart. */
export function runQuestion(
  { run, plan }: StoredRun,
  { workspace, directory }: { workspace: Workspace | null; directory: string | null },
): [asker: ProgramAsker, request: ProgramRequest] {
  const { id, hostId, by, sessionId, cwd } = run;
  const { preset, title, why } = plan;
  return [
    { session: null, by, hostId, workspace, forSession: sessionId, preset },
    {
      key: id,
      title,
      cwd: cwd ?? directory,
      subject: { kind: 'command', command: commandTextWith(plan.environment, plan.argv) },
      effect: 'execute',
      paths: [],
      ...(why !== null && { why }),
    },
  ];
}
