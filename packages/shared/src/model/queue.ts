import { z } from 'zod';
import { attachment } from './agents.ts';
import { messageId, sessionId } from './ids.ts';

/** Why a message still waits: the turn before it, its time, a free place on the host, the provider, or a person. */
export const queueReason = z.enum(['turn', 'time', 'slot', 'rate_limit', 'host', 'person']);
export type QueueReason = z.infer<typeof queueReason>;

/** A message for later. Those of one session are sent in the order of `createdAt`. */
export const queuedMessage = z.object({
  id: messageId,
  sessionId,
  text: z.string(),
  attachments: z.array(attachment),
  model: z.string().nullable(),
  /** Not sent before; null for as soon as it can be. */
  notBefore: z.string().nullable(),
  reason: queueReason,
  /** When the reason passes, where that is known. */
  until: z.string().nullable(),
  /** Why it was held back for a person: the error of the last try. */
  problem: z.string().nullable(),
  createdAt: z.string(),
});
export type QueuedMessage = z.infer<typeof queuedMessage>;
