import { z } from 'zod';
import { hostId } from '../../model/hosts.ts';
import { sudoDrift, sudoPlan } from '../../model/sudo.ts';
import { call } from './call.ts';

/** Calls about sudo on hosts, as the rules have it. Neither changes anything there. See `calls`. */
export const sudoCalls = {
  /** Connects the host. Throws `host.*`, `policy.invalid`. */
  'sudo.plan': call(z.object({ hostId }), z.object({ plan: sudoPlan })),
  'sudo.drift': call(z.object({ hostId }), z.object({ drift: sudoDrift })),
} as const;
