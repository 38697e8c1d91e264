import { z } from 'zod';

export const stopJobInput = z.object({ job: z.string().describe('The job id that bash gave.') });
export type StopJobInput = z.infer<typeof stopJobInput>;
