import { z } from 'zod';
import { call, none } from './call.ts';

/** Calls about the server itself. See `calls`. */
export const serverCalls = {
  'access.login_url': call(none, z.object({ url: z.string() })),
  'access.logout': call(none, none),
  'server.status': call(
    none,
    z.object({
      version: z.string(),
      startedAt: z.string(),
      rssBytes: z.number(),
      runningJobs: z.number().int(),
    }),
  ),
} as const;
