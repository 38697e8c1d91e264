import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about hosts. */
export function hostCalls({ hosts, hostJobs }: Domains): CallsOf<'host'> {
  return {
    'host.list': async () => ({ hosts: await hosts.list() }),
    'host.reconnect': ({ hostId }) => done(hosts.reconnect(hostId)),
    'host.answer': ({ hostId, ...answer }) => done(hosts.answer(hostId, answer)),
    'host.set_method': ({ hostId, method }) => done(hosts.setMethod(hostId, method)),
    'host.set_agent_limit': ({ hostId, limit }) => done(hosts.setAgentLimit(hostId, limit)),
    'host.jobs': async ({ hostId }) => ({ jobs: await hostJobs.ofHost(hostId) }),
    'host.sweep': async ({ hostId }) => ({ removed: await hostJobs.sweep(hostId) }),
  };
}
