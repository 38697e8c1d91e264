import type { Domains } from '../domains.ts';
import { type CallsOf, done } from './table.ts';

/** Calls about the agents that hosts have. */
export function agentCalls({ hostAgents }: Domains): CallsOf<'agent'> {
  return {
    'agent.list': async ({ hostId, refresh }) => ({ agents: await hostAgents.list(hostId, refresh) }),
    'agent.install': async ({ workspaceId, agent, installId }) => ({
      terminal: await hostAgents.install(workspaceId, agent, installId),
    }),
    'agent.add': (agent) => ({ agent: hostAgents.add(agent) }),
    'agent.remove': ({ agent }) => done(hostAgents.remove(agent)),
  };
}
