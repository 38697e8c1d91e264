import { z } from 'zod';

export const taskInput = z.object({
  description: z.string().min(1).max(200).describe('What it is about, in a few words.'),
  prompt: z
    .string()
    .min(1)
    .max(60_000)
    .describe('All that the sub-agent has to know: it sees nothing of this conversation.'),
  profile: z.string().min(1).max(64).optional().describe('The profile that does it.'),
  isolated: z
    .boolean()
    .optional()
    .describe('True to let it work in a fork of the workspace, so that its changes do not appear here.'),
});
export type TaskInput = z.infer<typeof taskInput>;
