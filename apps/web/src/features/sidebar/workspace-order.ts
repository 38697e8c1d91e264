import type { Project } from '@farhand/shared/model/projects';
import type { Workspace } from '@farhand/shared/model/workspaces';

/** A project with its workspaces, as the sidebar lists them. */
export interface ProjectGroup {
  readonly project: Project;
  /** Those that are, or soon will be, on a host. */
  readonly workspaces: readonly Workspace[];
  readonly archived: readonly Workspace[];
}

const oldestFirst = (a: { createdAt: string; id: string }, b: { createdAt: string; id: string }) =>
  a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);

/** Projects and their workspaces, oldest first: an order that stays, so that a row can be found without reading. */
export function projectGroups(
  projects: Readonly<Record<string, Project>>,
  workspaces: Readonly<Record<string, Workspace>>,
): readonly ProjectGroup[] {
  const all = Object.values(workspaces).toSorted(oldestFirst);
  return Object.values(projects)
    .toSorted(oldestFirst)
    .map((project) => {
      const own = all.filter((workspace) => workspace.projectId === project.id);
      return {
        project,
        workspaces: own.filter(({ state }) => state !== 'archived'),
        archived: own.filter(({ state }) => state === 'archived'),
      };
    });
}
