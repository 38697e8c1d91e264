import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { call } from '@/client/call.ts';
import { showError, showNote } from '@/ui/toast.tsx';

type Named = Pick<Workspace, 'id' | 'name'>;

/** Frees the host: branch, uncommitted work and transcripts are kept by the server, and can be restored. */
export function archive({ id }: Named): void {
  call('workspace.archive', { workspaceId: id }).catch((error: unknown) =>
    showError('The workspace was not archived', error),
  );
}

/** Puts an archived workspace back on its host. */
export function restore({ id }: Named): void {
  call('workspace.restore', { workspaceId: id }).catch((error: unknown) =>
    showError('The workspace was not restored', error),
  );
}

/** Gives up a move that has not begun on the new host. */
export function cancelMove({ id }: Pick<Workspace, 'id'>): void {
  call('workspace.cancel_move', { workspaceId: id }).catch((error: unknown) =>
    showError('The move was not cancelled', error),
  );
}

/** Brings the workspace's commits into the project's repository, and says where they are. */
export async function fetchCommits({ id, name }: Named): Promise<void> {
  try {
    const { ref, commits } = await call('workspace.fetch', { workspaceId: id });
    showNote(
      commits === 0
        ? `${name} has no commits that the project lacks`
        : `${commits} ${commits === 1 ? 'commit' : 'commits'} of ${name} fetched`,
      commits === 0 ? null : `In the project’s repository as ${ref}. Nothing was checked out.`,
    );
  } catch (error) {
    showError('The commits were not fetched', error);
  }
}

/** Says when its agents have to ask; counts at once. */
export function setPolicy({ id }: Pick<Workspace, 'id'>, policy: ApprovalPolicy): void {
  call('workspace.set_policy', { workspaceId: id, policy }).catch((error: unknown) =>
    showError('The approval policy was not changed', error),
  );
}

/** What can be done with a workspace in this state. */
export const canArchive = ({ state }: Pick<Workspace, 'state'>): boolean => state === 'ready';
export const canRestore = ({ state }: Pick<Workspace, 'state'>): boolean => state === 'archived';
export const canFork = ({ state }: Pick<Workspace, 'state'>): boolean => state === 'ready';
export const canMove = ({ state, move }: Pick<Workspace, 'state' | 'move'>): boolean =>
  state === 'ready' && !move;
