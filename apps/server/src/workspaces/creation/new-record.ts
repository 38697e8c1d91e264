/** The record that a new workspace begins with. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import { type HostTarget, parseHostTarget } from '@farhand/shared/model/host-target';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { ParsedInput } from '@farhand/shared/protocol/calls';
import type { Projects } from '../../projects/projects.ts';
import { branchName } from '../slug.ts';
import { newSteps } from '../steps.ts';
import type { WorkspaceRecord } from '../workspace-store.ts';
import { branchCommit } from './parcel.ts';

/** Of what a person asked for. Throws `host.invalid_name`, `request.invalid`, `project.branch_not_found`. */
export async function newRecord(
  projects: Projects,
  input: ParsedInput<'workspace.create'>,
  {
    approvalPolicy,
    sandbox,
    target,
  }: { approvalPolicy: ApprovalPolicy; sandbox: string; target: HostTarget },
): Promise<WorkspaceRecord> {
  const name = readName(input.name);
  await checkBranch(projects, input);
  return {
    id: newId('workspace'),
    projectId: input.projectId,
    name,
    hostId: target.hostId,
    baseDirectory: target.baseDirectory,
    directory: null,
    baseBranch: input.branch,
    branch: branchName(name, input.branch),
    baseCommit: null,
    transfer: input.transfer,
    state: 'creating',
    isWaitingForHost: false,
    archive: null,
    diskBytes: null,
    steps: newSteps(),
    changes: null,
    approvalPolicy,
    sandbox,
    fork: null,
    move: null,
    createdAt: new Date().toISOString(),
  };
}

/** As it says by itself; this machine for null. Throws `host.invalid_name`. */
export function readTarget(host: string | null): HostTarget {
  if (host === null) return { hostId: LOCAL_HOST, baseDirectory: null };
  const target = parseHostTarget(host);
  if (target) return target;
  throw new FarhandError('host.invalid_name', { message: `“${host}” is not a host name that ssh takes.` });
}

/** The name without the space around it. Throws `request.invalid`. */
export function readName(text: string): string {
  const name = text.trim();
  if (name !== '' && !/[\p{Cc}\u{202A}-\u{202E}\u{2066}-\u{2069}]/u.test(name)) return name;
  throw new FarhandError('request.invalid', {
    message: 'A workspace needs a name on one line, of characters that can be seen.',
  });
}

async function checkBranch(
  projects: Projects,
  { projectId, branch, transfer }: ParsedInput<'workspace.create'>,
): Promise<void> {
  const git = projects.repository(projectId);
  try {
    await branchCommit(git, branch);
  } catch (error) {
    if (!FarhandError.is(error, 'project.branch_not_found')) throw error;
    // Perhaps it is new where the project was cloned from.
    await projects.refresh(projectId);
    await branchCommit(git, branch);
  }
  if (transfer !== 'history_and_changes') return;
  const { current } = await projects.branches(projectId);
  const isBare = (await git.text(['rev-parse', '--is-bare-repository'])) === 'true';
  if (current === branch && !isBare) return;
  throw new FarhandError('request.invalid', {
    message: isBare
      ? 'The repository has no checkout, so there are no uncommitted changes to send.'
      : `The uncommitted changes belong to ${current ? `the branch “${current}”` : 'no branch'}, not to “${branch}”.`,
    hint: 'Choose the branch that is checked out, or send the history only.',
  });
}
