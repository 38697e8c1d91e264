import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Git } from '../../git/git.ts';
import type { WorkspacePatch, WorkspaceRecords } from '../records.ts';
import { beginStep, endStep, nextStep, noteStep, STEP_NAMES, type StepName } from '../steps.ts';
import type { WorkspaceRecord } from '../workspace-store.ts';

/** One run of a creation: where it happens, and the pen for its steps. */
export interface Making {
  readonly runtime: Runtime;
  /** Of what is sent: the project's repository, or that of its archives. */
  readonly git: Git;
  readonly projectGit: Git;
  readonly projectName: string;
  /** Of this server, for what is made to be sent. */
  readonly scratchDirectory: string;
  readonly signal: AbortSignal;
  /** As stored now. */
  record(): WorkspaceRecord;
  change(patch: WorkspacePatch): void;
  begin(step: StepName): void;
  note(step: StepName, detail: string): void;
  output(step: StepName, text: string): void;
  done(step: StepName, detail: string | null): void;
  skip(step: StepName, detail: string): void;
  isDone(step: StepName): boolean;
}

export interface MakingDeps {
  readonly records: WorkspaceRecords;
  readonly id: WorkspaceId;
  readonly runtime: Runtime;
  readonly git: Git;
  readonly projectGit: Git;
  readonly projectName: string;
  readonly scratchDirectory: string;
  readonly signal: AbortSignal;
}

export function createMaking({ records, id, ...rest }: MakingDeps): Making {
  const record = () => records.get(id);
  const change = (patch: WorkspacePatch) => records.change(id, patch);
  return {
    ...rest,
    record,
    change,
    begin: (step) => change({ steps: beginStep(record().steps, step) }),
    note: (step, detail) => change({ steps: noteStep(record().steps, step, { detail }) }),
    output: (step, output) => change({ steps: noteStep(record().steps, step, { output }) }),
    done: (step, detail) => change({ steps: endStep(record().steps, step, 'done', detail) }),
    skip: (step, detail) => change({ steps: endStep(record().steps, step, 'skipped', detail) }),
    isDone: (step) => {
      const next = nextStep(record().steps);
      return next === undefined || STEP_NAMES.indexOf(step) < STEP_NAMES.indexOf(next);
    },
  };
}
