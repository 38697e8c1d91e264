import { z } from 'zod';
import { projectId } from '../../model/ids.ts';
import { projectSettings } from '../../model/project-settings.ts';
import { project } from '../../model/projects.ts';
import { call, none } from './call.ts';

/** Calls about projects. See `calls`. */
export const projectCalls = {
  'project.list': call(none, z.object({ projects: z.array(project) })),
  /** `source`: a path on the server's machine, or a URL to clone. The same repository twice gives the same project. */
  'project.add': call(z.object({ source: z.string().min(1).max(4096) }), z.object({ project })),
  'project.remove': call(z.object({ projectId }), none),
  'project.branches': call(
    z.object({ projectId }),
    z.object({ branches: z.array(z.string()), current: z.string().nullable() }),
  ),
  /** What is set for it, without the values of secrets. */
  'project.export': call(z.object({ projectId }), z.object({ settings: projectSettings })),
  /** `withPolicy`: its approval policy becomes the default of all new workspaces. `missingSecrets` are still to be given. */
  'project.import': call(
    z.object({ projectId, settings: projectSettings, withPolicy: z.boolean().default(false) }),
    z.object({ mcpServers: z.array(z.string()), missingSecrets: z.array(z.string()) }),
  ),
} as const;
