import { z } from 'zod';

export const editFileInput = z.object({
  path: z.string().min(1).describe('Relative to the workspace.'),
  old_text: z
    .string()
    .min(1)
    .describe('The text to replace, exactly as in the file, with enough around it to be there once.'),
  new_text: z.string().describe('What stands there afterwards.'),
  replace_all: z.boolean().optional().describe('True to replace every occurrence.'),
});
export type EditFileInput = z.infer<typeof editFileInput>;
