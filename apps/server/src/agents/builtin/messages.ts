import { itemId } from '@farhand/shared/model/ids';
import { providerKind } from '@farhand/shared/model/models';
import { z } from 'zod';

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
export const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), text: z.string() }),
  z.object({
    role: z.literal('assistant'),
    text: z.string(),
    calls: z.array(toolRequest),
    /** The answer in the form of the model library, sent back as it is to the same kind of provider. */
    native: z.unknown(),
    provider: providerKind,
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
export type AssistantMessage = Extract<Message, { role: 'assistant' }>;
export type ToolMessage = Extract<Message, { role: 'tool' }>;
