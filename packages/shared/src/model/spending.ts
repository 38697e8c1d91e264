import { z } from 'zod';

/** US dollars for a million tokens, for models whose `provider/model` matches `pattern` (`*` stands for anything). */
export const price = z.object({
  pattern: z.string().min(1).max(200),
  input: z.number().min(0),
  cachedInput: z.number().min(0),
  output: z.number().min(0),
  /** Tokens that the model's context has; where absent, what is known of the model. */
  context: z.number().int().positive().optional(),
});
export type Price = z.infer<typeof price>;

/** Limits of one session and of one day (the server's time zone); null for none. */
export const budget = z.object({
  sessionTokens: z.number().int().positive().nullable(),
  sessionUsd: z.number().positive().nullable(),
  dayTokens: z.number().int().positive().nullable(),
  dayUsd: z.number().positive().nullable(),
});
export type Budget = z.infer<typeof budget>;
