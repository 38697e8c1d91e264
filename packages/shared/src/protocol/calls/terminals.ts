import { z } from 'zod';
import { agentId } from '../../model/agents.ts';
import { terminalId, workspaceId } from '../../model/ids.ts';
import { terminal } from '../../model/terminals.ts';
import { call, none } from './call.ts';

/** Calls about terminals. See `calls`. */
export const terminalCalls = {
  'terminal.open': call(
    z.object({
      workspaceId,
      rows: z.number().int().min(1).max(500),
      cols: z.number().int().min(1).max(1000),
      /** Starts this agent in it, in place of a shell; throws `agent.unknown`. */
      agent: agentId.nullable().default(null),
    }),
    z.object({ terminal }),
  ),
  'terminal.close': call(z.object({ terminalId }), none),
} as const;
