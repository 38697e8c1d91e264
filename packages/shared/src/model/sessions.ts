import { z } from 'zod';
import { sessionId, workspaceId } from './ids.ts';

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
  agent: z.literal('builtin'),
  /** `provider/model`, as `anthropic/claude-sonnet-4-5`; null until one is chosen. */
  model: z.string().nullable(),
  state: sessionState,
  lastSeq: z.number().int(),
  usage: tokenUsage,
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Session = z.infer<typeof session>;
