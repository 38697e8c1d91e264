import { z } from 'zod';
import { agentId, hostAgent } from '../../model/agents.ts';
import { hostId } from '../../model/hosts.ts';
import { workspaceId } from '../../model/ids.ts';
import { terminal } from '../../model/terminals.ts';
import { call, none } from './call.ts';

/** Calls about the agents that a host has. See `calls`. */
export const agentCalls = {
  /** Every agent that Farhand knows, as this host has it. Looked up anew with `refresh`; otherwise kept for a while. */
  'agent.list': call(
    z.object({ hostId, refresh: z.boolean().default(false) }),
    z.object({ agents: z.array(hostAgent) }),
  ),
  /** Runs one of its `installs` in a terminal of the workspace. */
  'agent.install': call(
    z.object({ workspaceId, agent: agentId, installId: z.string() }),
    z.object({ terminal }),
  ),
  /** A command of the person's own: `acp` for one that speaks the protocol, `terminal` for any other. */
  'agent.add': call(
    z.object({
      name: z.string().min(1).max(64),
      kind: z.enum(['acp', 'terminal']),
      command: z.string().min(1).max(4096),
    }),
    z.object({ agent: agentId }),
  ),
  'agent.remove': call(z.object({ agent: agentId }), none),
} as const;
