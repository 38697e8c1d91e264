import { z } from 'zod';

export const writeFileInput = z.object({
  path: z.string().min(1).describe('Relative to the workspace. Missing folders are made.'),
  content: z
    .string()
    .max(4 * 1024 * 1024)
    .describe('The whole content.'),
});
export type WriteFileInput = z.infer<typeof writeFileInput>;
