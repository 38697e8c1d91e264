import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** As `work`, but `host.timed_out` after `timeoutMs`: a runtime waits for a lost host longer than a person does. */
export async function withDeadline<Result>(
  work: Promise<Result>,
  timeoutMs: number,
  hostId: string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new FarhandError('host.timed_out', { details: { hostId } })), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
