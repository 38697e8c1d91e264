import { z } from 'zod';

export const listFilesInput = z.object({
  path: z.string().min(1).optional().describe('A folder, relative to the workspace. Default: the workspace.'),
  recursive: z.boolean().optional().describe('True for all files below it that git does not ignore.'),
});
export type ListFilesInput = z.infer<typeof listFilesInput>;
