import { z } from 'zod';

export const searchInput = z.object({
  pattern: z.string().min(1).max(2000).describe('A regular expression (extended).'),
  path: z
    .string()
    .min(1)
    .optional()
    .describe('A file or folder, relative to the workspace. Default: the workspace.'),
  glob: z.string().min(1).max(200).optional().describe('Only files whose path fits, as *.ts.'),
  ignore_case: z.boolean().optional(),
});
export type SearchInput = z.infer<typeof searchInput>;
