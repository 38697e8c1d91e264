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

/** As `work`, but rejects with the signal's reason once it is aborted: what cannot be ended is not waited for. */
export async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
