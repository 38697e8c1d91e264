import { z } from 'zod';

export const exitPlanInput = z.object({
  plan: z.string().min(1).max(60_000).describe('The whole plan, in Markdown.'),
});
export type ExitPlanInput = z.infer<typeof exitPlanInput>;
