import { itemId } from '@farhand/shared/model/ids';
import { providerKind } from '@farhand/shared/model/models';
import { tokenUsage } from '@farhand/shared/model/sessions';
import { z } from 'zod';
import { summaryMessage } from './compaction/summary-message.ts';

/** One tool call as the model asked for it. */
const toolRequest = z.object({
  callId: z.string(),
  tool: z.string(),
  input: z.unknown(),
  /** Why the arguments cannot be read; null where they can. */
  problem: z.string().nullable(),
});
export type ToolRequest = z.infer<typeof toolRequest>;

const toolImage = z.object({ mediaType: z.string(), base64: z.string() });
export type ToolImage = z.infer<typeof toolImage>;

/** What the model was sent and what it answered, in the form in which it is stored. */
const message = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    /** As the model is given it: a slash command expanded, attached files put before it. */
    text: z.string(),
    images: z.array(toolImage).optional(),
  }),
  z.object({
    role: z.literal('assistant'),
    text: z.string(),
    calls: z.array(toolRequest),
    /** The answer in the form of the model library, sent back as it is to the same kind of provider. */
    native: z.unknown(),
    provider: providerKind,
    /** What the provider counted for it; absent where it was cut, and in conversations of before. */
    usage: tokenUsage.optional(),
    /** The transcript's items that show this answer: others of the turn belong to an answer that never came to its end. */
    items: z.array(itemId),
  }),
  z.object({
    role: z.literal('tool'),
    callId: z.string(),
    tool: z.string(),
    text: z.string(),
    isFailure: z.boolean(),
    images: z.array(toolImage),
  }),
]);
export type Message = z.infer<typeof message>;

/** A message, or the summary that the model reads in place of those before. */
export const storedMessage = z.union([message, summaryMessage]);
export type StoredMessage = z.infer<typeof storedMessage>;
export type UserMessage = Extract<Message, { role: 'user' }>;
export type AssistantMessage = Extract<Message, { role: 'assistant' }>;
export type ToolMessage = Extract<Message, { role: 'tool' }>;
