import { z } from 'zod';

const tokens = z.number().nonnegative();
const some = tokens.nullish().catch(undefined);

// The protocol's draft: agents count what was read from and written to a cache beside the input, or in it; the total says which.
const usage = z
  .object({
    totalTokens: some,
    inputTokens: tokens,
    outputTokens: tokens,
    cachedReadTokens: some,
    cachedWriteTokens: some,
  })
  .transform(({ totalTokens, inputTokens, outputTokens, cachedReadTokens, cachedWriteTokens }) => {
    const cached = (cachedReadTokens ?? 0) + (cachedWriteTokens ?? 0);
    const isBeside = (totalTokens ?? 0) >= inputTokens + outputTokens + cached;
    const input = isBeside ? inputTokens + cached : inputTokens;
    return { input, output: outputTokens, cachedInput: cachedReadTokens ?? 0 };
  });

/** What is read of the answer to `session/prompt`: whatever it is, the turn has ended. */
export const promptAnswer = z
  .object({
    stopReason: z.string().catch('end_turn'),
    usage: usage.nullish().catch(undefined),
  })
  .catch({ stopReason: 'end_turn' });
export type PromptAnswer = z.infer<typeof promptAnswer>;
