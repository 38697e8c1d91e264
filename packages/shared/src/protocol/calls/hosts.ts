import { z } from 'zod';
import { connectionMethod, host, hostId } from '../../model/hosts.ts';
import { hostJob } from '../../model/jobs.ts';
import { call, none } from './call.ts';

/** Calls about hosts. See `calls`. */
export const hostCalls = {
  /** Hosts offered by default: this machine, aliases of `~/.ssh/config`, and those that workspaces use. */
  'host.list': call(none, z.object({ hosts: z.array(host) })),
  /** Connects now, without waiting for the next try. */
  'host.reconnect': call(z.object({ hostId }), none),
  /** Answers what the host's connection asks; null refuses. Throws `host.question_not_found` where another was first. */
  'host.answer': call(
    z.object({
      hostId,
      questionId: z.string().min(1).max(100),
      answer: z.string().max(4096).nullable(),
      remember: z.boolean().default(false),
    }),
    none,
  ),
  /** How the host is connected from now on; null leaves it to the platform. What is connected is connected anew. */
  'host.set_method': call(z.object({ hostId, method: connectionMethod.nullable() }), none),
  /** All jobs there, those of other servers too. */
  'host.jobs': call(z.object({ hostId }), z.object({ jobs: z.array(hostJob) })),
  /** Removes what is left there of workspaces that this server deleted; `removed` counts jobs and folders. */
  'host.sweep': call(z.object({ hostId }), z.object({ removed: z.number().int() })),
  /** How many agents may work there at once; null for any number. Those that are at work already go on. */
  'host.set_agent_limit': call(
    z.object({ hostId, limit: z.number().int().min(1).max(1000).nullable() }),
    none,
  ),
} as const;
