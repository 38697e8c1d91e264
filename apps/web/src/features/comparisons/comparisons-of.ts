import type { Comparison } from '@farhand/shared/model/comparisons';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';

interface Known {
  readonly comparisons: Readonly<Record<string, Comparison>>;
  readonly workspaces: Readonly<Record<string, Workspace>>;
}

const oldestFirst = (a: Comparison, b: Comparison) =>
  a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);

/** The comparisons that forked this workspace, oldest first. */
export const comparisonsOf = ({ comparisons }: Known, workspaceId: WorkspaceId): readonly Comparison[] =>
  Object.values(comparisons)
    .filter((comparison) => comparison.workspaceId === workspaceId)
    .toSorted(oldestFirst);

/**
 * The comparisons of a project that stand under none of its workspaces in the list, for theirs is archived or deleted.
 * The project of a deleted one is that of a variant's workspace.
 */
export function comparisonsWithout({ comparisons, workspaces }: Known, id: ProjectId): readonly Comparison[] {
  return Object.values(comparisons)
    .filter((comparison) => {
      const source = workspaces[comparison.workspaceId];
      if (source) return source.state === 'archived' && source.projectId === id;
      const left = comparison.variants.find(
        (variant) => variant.workspaceId !== null && workspaces[variant.workspaceId],
      );
      return left?.workspaceId != null && workspaces[left.workspaceId]?.projectId === id;
    })
    .toSorted(oldestFirst);
}
