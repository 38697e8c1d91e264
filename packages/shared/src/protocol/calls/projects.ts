import { z } from 'zod';
import { projectId } from '../../model/ids.ts';
import { project } from '../../model/projects.ts';
import { secretName, secretSummary } from '../../model/secrets.ts';
import { call, none } from './call.ts';

/** Calls about projects and their secrets. See `calls`. */
export const projectCalls = {
  'project.list': call(none, z.object({ projects: z.array(project) })),
  /** `source`: a path on the server's machine, or a URL to clone. The same repository twice gives the same project. */
  'project.add': call(z.object({ source: z.string().min(1).max(4096) }), z.object({ project })),
  'project.remove': call(z.object({ projectId }), none),
  'project.branches': call(
    z.object({ projectId }),
    z.object({ branches: z.array(z.string()), current: z.string().nullable() }),
  ),
  'secret.list': call(z.object({ projectId }), z.object({ secrets: z.array(secretSummary) })),
  'secret.set': call(
    z.object({
      projectId,
      name: secretName,
      value: z
        .string()
        .min(1)
        .max(64 * 1024),
    }),
    none,
  ),
  'secret.remove': call(z.object({ projectId, name: secretName }), none),
} as const;
