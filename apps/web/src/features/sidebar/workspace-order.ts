import type { Project } from '@farhand/shared/model/projects';
import type { Workspace } from '@farhand/shared/model/workspaces';

/** A project with its workspaces, as the sidebar lists them. */
export interface ProjectGroup {
  readonly project: Project;
  readonly workspaces: readonly Workspace[];
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
    .map((project) => ({
      project,
      workspaces: all.filter((workspace) => workspace.projectId === project.id),
    }));
}
