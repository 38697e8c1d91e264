import { z } from 'zod';

export const todoInput = z.object({
  todos: z
    .array(z.object({ text: z.string().min(1).max(500), state: z.enum(['open', 'doing', 'done']) }))
    .max(100)
    .describe('The whole list, in order; it takes the place of the last one.'),
});
export type TodoInput = z.infer<typeof todoInput>;
