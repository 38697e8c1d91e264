import { z } from 'zod';

export const DEFAULT_LINES = 2000;

export const readFileInput = z.object({
  path: z.string().min(1).describe('Relative to the workspace.'),
  offset: z.number().int().min(1).optional().describe('First line to read, from 1.'),
  limit: z.number().int().min(1).max(10_000).optional().describe(`Lines to read. Default ${DEFAULT_LINES}.`),
});
export type ReadFileInput = z.infer<typeof readFileInput>;
