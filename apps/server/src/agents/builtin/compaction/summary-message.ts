import { itemId } from '@farhand/shared/model/ids';
import { z } from 'zod';

/** Takes the place of every message before position `from` in what the model is sent; those stay in the store. */
export const summaryMessage = z.object({
  role: z.literal('summary'),
  /** All that the model reads of before. */
  text: z.string(),
  from: z.number().int(),
  /** For the transcript's item, which a restart may have to write again. */
  item: z.object({ id: itemId, summary: z.string() }),
  tokensBefore: z.number().int(),
  tokensAfter: z.number().int(),
});
export type SummaryMessage = z.infer<typeof summaryMessage>;
