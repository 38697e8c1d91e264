import type { Domains } from '../domains.ts';
import type { CallsOf } from './table.ts';

/** Calls about sudo on hosts. */
export function sudoCalls({ sudo }: Domains): CallsOf<'sudo'> {
  return {
    'sudo.plan': async ({ hostId }) => ({ plan: await sudo.plan(hostId) }),
    'sudo.drift': async ({ hostId }) => ({ drift: await sudo.drift(hostId) }),
  };
}
