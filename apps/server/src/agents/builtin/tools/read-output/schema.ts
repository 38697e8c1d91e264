import { z } from 'zod';

export const readOutputInput = z.object({
  job: z.string().describe('The job id that bash gave.'),
  offset: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('First byte to read. Default 0. A result tells the offset to go on with.'),
  limit: z.number().int().min(1).max(30_000).optional().describe('Bytes to read. Default and at most 30000.'),
});
export type ReadOutputInput = z.infer<typeof readOutputInput>;
