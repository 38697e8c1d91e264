import { z } from 'zod';

/** An environment variable's name; the value of a secret never leaves the server but for the workspace's jobs. */
export const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);

/** What a list of secrets shows: never the value. */
export const secretSummary = z.object({ name: secretName, updatedAt: z.string() });
export type SecretSummary = z.infer<typeof secretSummary>;
