import { z } from 'zod';
import { projectId } from './ids.ts';

/** A registered git repository on the server's machine; `url` is kept (without credentials) where it was cloned. */
export const project = z.object({
  id: projectId,
  name: z.string(),
  path: z.string(),
  url: z.string().nullable(),
  defaultBranch: z.string().nullable(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
});
export type Project = z.infer<typeof project>;
