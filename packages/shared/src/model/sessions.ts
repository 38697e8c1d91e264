import { z } from 'zod';
import { agentId } from './agents.ts';
import { sessionId, workspaceId } from './ids.ts';
import { sandboxName } from './sandbox.ts';

/** What a person sees of a session in one mark; `blocked` beats `working` wherever one mark stands for many. */
export const sessionState = z.enum(['idle', 'working', 'blocked', 'done', 'failed', 'contact_lost']);
export type SessionState = z.infer<typeof sessionState>;

export const tokenUsage = z.object({ input: z.number(), output: z.number(), cachedInput: z.number() });
export type TokenUsage = z.infer<typeof tokenUsage>;

/** One conversation with an agent in a workspace. `lastSeq` is the number of its newest event (0 when none). */
export const session = z.object({
  id: sessionId,
  workspaceId,
  title: z.string(),
  agent: agentId,
  /** The session that it came from: as its sub-agent, or forked from it. */
  parent: z.object({ sessionId, kind: z.enum(['subagent', 'fork']) }).nullable(),
  /** `provider/model`, as `anthropic/claude-sonnet-4-5`; null until one is chosen. */
  model: z.string().nullable(),
  state: sessionState,
  lastSeq: z.number().int(),
  usage: tokenUsage,
  /** US dollars so far, as the agent says or by the table of prices; null where nobody knows. */
  costUsd: z.number().nullable(),
  /** Tokens of the model's context that are in use, and how many it has; null where nobody says. */
  context: z.object({ used: z.number(), limit: z.number() }).nullable(),
  /** The sandbox profile that it runs under instead of its workspace's; null or not given where it does not. */
  sandbox: sandboxName.nullable().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Session = z.infer<typeof session>;
