import { setTimeout as delay } from 'node:timers/promises';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { projectId, workspaceId } from '@farhand/shared/model/ids';
import type { Project } from '@farhand/shared/model/projects';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { z } from 'zod';
import { ADDS, DESTROYS, LOOKS, type McpCall, tool } from '../tool.ts';
import { waitFor, waitSeconds } from '../waiting.ts';

/** How long one look at a workspace that is being made takes at most. */
const LOOK_MS = 500;

const shownWorkspace = z.object({
  workspaceId,
  name: z.string(),
  projectId,
  host: z.string(),
  branch: z.string(),
  directory: z.string().nullable().describe('Absolute on the host; null until it is known.'),
  state: z.string().describe('Only `ready` ones can be worked in.'),
  error: z.string().nullable(),
});

const shown = (workspace: Workspace): z.infer<typeof shownWorkspace> => ({
  workspaceId: workspace.id,
  name: workspace.name,
  projectId: workspace.projectId,
  host: workspace.hostId,
  branch: workspace.branch,
  directory: workspace.directory,
  state: workspace.state,
  error: workspace.steps.find(({ error }) => error !== null)?.error?.message ?? null,
});

/** Tools about workspaces. */
export const workspaceTools = [
  tool({
    name: 'workspace_list',
    title: 'List workspaces',
    description: 'All workspaces: folders on hosts, each with its own copy of a project and its own branch.',
    needs: ['workspace.list'],
    annotations: LOOKS,
    input: z.object({}),
    output: z.object({ workspaces: z.array(shownWorkspace) }),
    async run(_input, { call, signal }) {
      const { workspaces } = await call('workspace.list', {}, { signal });
      return { output: { workspaces: workspaces.map(shown) } };
    },
  }),
  tool({
    name: 'workspace_create',
    title: 'Make a workspace',
    description:
      'Makes a workspace of a project on a host. It is `creating` at first: wait for `ready` here or look at workspace_list.',
    needs: ['workspace.create', 'project.list', 'project.branches'],
    annotations: ADDS,
    input: z.object({
      project: z
        .string()
        .min(1)
        .max(4096)
        .describe(
          'Name or id of a project. Of a git repository that is none yet, the path on the server’s machine or the URL: only by `farhand mcp` there, or with `admin`.',
        ),
      host: z
        .string()
        .min(1)
        .max(512)
        .optional()
        .describe('One of hosts_list; the default host if left out.'),
      name: z.string().min(1).max(64).describe('Of the workspace; its branch is named after it.'),
      branch: z.string().min(1).max(255).optional().describe('To begin from; the current one if left out.'),
      waitSeconds,
    }),
    output: z.object({ workspace: shownWorkspace }),
    async run({ project: wanted, host, name, branch, waitSeconds: seconds }, context) {
      const { call } = context;
      const project = await findProject(call, wanted);
      const from = branch ?? (await currentBranch(call, project));
      const created = await call('workspace.create', {
        projectId: project.id,
        host: host ?? null,
        name,
        branch: from,
      });
      const { id } = created.workspace;
      const workspace = await waitFor<Workspace>(
        {
          seconds,
          async look(waitMs) {
            await delay(Math.min(waitMs, LOOK_MS), undefined, { signal: context.signal });
            const { workspaces } = await call('workspace.list', {});
            return workspaces.find((one) => one.id === id) ?? created.workspace;
          },
          isOver: ({ state }) => state !== 'creating',
          tell: ({ steps }) => steps.find(({ state }) => state === 'running')?.name ?? 'creating',
        },
        context,
      );
      return { output: { workspace: shown(workspace) } };
    },
  }),
  tool({
    name: 'workspace_delete',
    title: 'Delete a workspace',
    description:
      'Deletes a workspace with its files and jobs. Refused where work would be lost, unless `force` is true: ask the person first.',
    needs: ['workspace.delete'],
    annotations: { ...DESTROYS, openWorldHint: false },
    input: z.object({
      workspaceId,
      force: z.boolean().default(false).describe('Also what only the host has.'),
    }),
    output: z.object({ workspaceId, isDeleted: z.boolean().describe('False while its host is away.') }),
    async run({ workspaceId: id, force }, { call }) {
      await call('workspace.delete', { workspaceId: id, force });
      const { workspaces } = await call('workspace.list', {});
      return { output: { workspaceId: id, isDeleted: !workspaces.some((one) => one.id === id) } };
    },
  }),
];

async function findProject(call: McpCall, wanted: string): Promise<Project> {
  const { projects } = await call('project.list', {});
  const found = projects.filter(({ id, name }) => id === wanted || name === wanted);
  if (found.length > 1)
    throw new FarhandError('project.not_found', {
      message: `Several projects are called ${wanted}.`,
      hint: `Give the id: ${found.map(({ id, path }) => `${id} (${path})`).join(', ')}.`,
    });
  return found[0] ?? (await call('project.add', { source: wanted })).project;
}

async function currentBranch(call: McpCall, { id }: Project): Promise<string> {
  const { branches, current } = await call('project.branches', { projectId: id });
  const branch = current ?? branches[0];
  if (branch === undefined) throw new FarhandError('project.branch_not_found');
  return branch;
}
