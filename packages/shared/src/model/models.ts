import { z } from 'zod';

export const providerKind = z.enum(['anthropic', 'openai', 'google', 'openai_compatible']);
export type ProviderKind = z.infer<typeof providerKind>;

/** A way to reach models. `hasKey` instead of the key, which stays on the server. */
export const modelProvider = z.object({
  /** Lower-case name, unique: `anthropic`, `ollama`. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  kind: providerKind,
  baseUrl: z.string().nullable(),
  hasKey: z.boolean(),
  source: z.enum(['environment', 'settings']),
  /** Model ids offered in the composer, best first. */
  models: z.array(z.string()),
});
export type ModelProvider = z.infer<typeof modelProvider>;
