import { z } from 'zod';
import { hostId } from './hosts.ts';
import { projectId, tokenId } from './ids.ts';

/**
 * What a token may do. Each stands for itself, but `admin` holds all of them. `read`: look at everything; `run`: commands,
 * sessions and terminals; `write`: make, change and delete workspaces and files; `approve`: answer agents' questions;
 * `admin`: settings, secrets, hosts, policies, and the list of tokens. None makes a token or a login: those would outlive it.
 */
export const scope = z.enum(['read', 'run', 'write', 'approve', 'admin']);
export type Scope = z.infer<typeof scope>;

/** A key for another program. Its value was shown once and is not kept. */
export const apiToken = z.object({
  id: tokenId,
  /** Unique; it is what stands in the audit log. */
  name: z.string(),
  scopes: z.array(scope),
  /** The only hosts that it reaches; null for all. */
  hosts: z.array(hostId).nullable(),
  /** The only projects that it reaches; null for all. */
  projects: z.array(projectId).nullable(),
  createdAt: z.string(),
  /** Null for never. */
  expiresAt: z.string().nullable(),
  /** Null for never; afterwards right to a minute. */
  lastUsedAt: z.string().nullable(),
  /** The address it was last used from. */
  lastUsedFrom: z.string().nullable(),
});
export type ApiToken = z.infer<typeof apiToken>;
