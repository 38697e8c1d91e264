import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Project } from '@farhand/shared/model/projects';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Call } from './client.ts';

/** All workspaces, each with its project. */
export async function listWorkspaces(
  call: Call,
): Promise<{ workspace: Workspace; project: Project | null }[]> {
  const [{ workspaces }, { projects }] = await Promise.all([
    call('workspace.list', {}),
    call('project.list', {}),
  ]);
  const byId = new Map(projects.map((project) => [project.id, project]));
  return workspaces.map((workspace) => ({ workspace, project: byId.get(workspace.projectId) ?? null }));
}

/** The workspace of this id, name, or `project/name`. Throws `workspace.not_found`, and where a name is of several. */
export async function findWorkspace(call: Call, wanted: string): Promise<Workspace> {
  const all = await listWorkspaces(call);
  const found = all.filter(({ workspace, project }) =>
    [workspace.id, workspace.name, `${project?.name}/${workspace.name}`].includes(wanted),
  );
  const [first, second] = found;
  if (first && !second) return first.workspace;
  if (!first)
    throw new FarhandError('workspace.not_found', {
      message: `No workspace is called ${wanted}.`,
      hint: 'See `farhand workspace list`.',
    });
  const names = found.map(({ workspace, project }) => `${project?.name}/${workspace.name} (${workspace.id})`);
  throw new FarhandError('workspace.not_found', {
    message: `Several workspaces are called ${wanted}: ${names.join(', ')}.`,
    hint: 'Give the one with its project, or its id.',
  });
}
