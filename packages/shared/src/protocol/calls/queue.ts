import { z } from 'zod';
import { attachment } from '../../model/agents.ts';
import { messageId, sessionId } from '../../model/ids.ts';
import { queuedMessage } from '../../model/queue.ts';
import { call, none } from './call.ts';

/** Calls about messages for later. See `calls`. */
export const queueCalls = {
  /** A message for later, which the server sends: when the turn has ended, not before `notBefore`. */
  'queue.add': call(
    z.object({
      sessionId,
      text: z
        .string()
        .min(1)
        .max(256 * 1024),
      attachments: z.array(attachment).max(20).default([]),
      model: z.string().nullable().default(null),
      notBefore: z.iso.datetime().nullable().default(null),
      /** Chosen by the client: sent again, after an answer that was lost, it adds nothing. */
      messageId: messageId.optional(),
    }),
    z.object({ message: queuedMessage }),
  ),
  /** Throws `queue.not_found` where it was sent already. */
  'queue.edit': call(
    z.object({
      messageId,
      text: z
        .string()
        .min(1)
        .max(256 * 1024),
      notBefore: z.iso.datetime().nullable(),
    }),
    z.object({ message: queuedMessage }),
  ),
  'queue.remove': call(z.object({ messageId }), none),
  /** Tries again one that was held back, and forgets its time. */
  'queue.send_now': call(z.object({ messageId }), none),
} as const;
