import { z } from 'zod';

/** For calls that take or give nothing. */
export const none = z.object({});

/** What one call takes and gives. */
export const call = <Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) => ({
  input,
  output,
});
