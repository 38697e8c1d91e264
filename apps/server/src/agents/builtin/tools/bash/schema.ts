import { z } from 'zod';

export const DEFAULT_TIMEOUT_MS = 120_000;
const LONGEST_TIMEOUT_MS = 30 * 60_000;

export const bashInput = z.object({
  command: z.string().min(1).max(100_000).describe('The command, as bash takes it.'),
  timeout_ms: z
    .number()
    .int()
    .min(1)
    .max(LONGEST_TIMEOUT_MS)
    .optional()
    .describe(
      `Stopped after this many milliseconds. Default ${DEFAULT_TIMEOUT_MS}, at most ${LONGEST_TIMEOUT_MS}.`,
    ),
  background: z
    .boolean()
    .optional()
    .describe('True for what runs on, as a server: answers at once with a job id.'),
  description: z
    .string()
    .max(200)
    .optional()
    .describe('What it does, in a few words, for the person who watches.'),
});
export type BashInput = z.infer<typeof bashInput>;

export const BASH_DESCRIPTION = [
  'Runs a command with bash in the workspace folder on the host. Each call is a new shell: cd and variables do not last.',
  'It has no terminal and no input: pass flags that keep programs from asking.',
  'Output comes with stderr in it, cut in the middle when long; read_output reads the rest.',
  'With background it runs on after the call: use read_output and stop_job with the job id.',
].join(' ');
