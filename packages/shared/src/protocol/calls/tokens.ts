import { z } from 'zod';
import { hostId } from '../../model/hosts.ts';
import { projectId, tokenId } from '../../model/ids.ts';
import { apiToken, scope } from '../../model/tokens.ts';
import { call, none } from './call.ts';

/** Calls about keys for other programs. See `calls`. */
export const tokenCalls = {
  'token.list': call(none, z.object({ tokens: z.array(apiToken) })),
  /** `value` is told this once. Throws `token.name_taken`, `token.expiry_past`, and `access.not_for_tokens` for a token. */
  'token.create': call(
    z.object({
      name: z
        .string()
        .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u, 'letters, digits, spaces and . _ - only, at most 64'),
      scopes: z.array(scope).min(1).max(5),
      expiresAt: z.iso.datetime().nullable().default(null),
      hosts: z.array(hostId).min(1).max(100).nullable().default(null),
      projects: z.array(projectId).min(1).max(100).nullable().default(null),
    }),
    z.object({ token: apiToken, value: z.string() }),
  ),
  /** Counts at once: what it holds open ends. Throws `token.not_found`. */
  'token.revoke': call(z.object({ tokenId }), none),
  /** Who the server takes the caller for. `scopes` are those that it has, `hosts` and `projects` as of its token. */
  'access.whoami': call(
    none,
    z.object({
      kind: z.enum(['page', 'cli', 'token', 'agent']),
      name: z.string().nullable(),
      scopes: z.array(scope),
      hosts: z.array(hostId).nullable(),
      projects: z.array(projectId).nullable(),
    }),
  ),
} as const;
