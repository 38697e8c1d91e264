import type { Interrupt } from '../agent.ts';

/** Thrown inside a turn when its signal was aborted: an outcome, not a failure. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly reason: Interrupt;

  constructor(reason: Interrupt) {
    super(`the turn was interrupted: ${reason}`);
    this.reason = reason;
  }
}

/** Throws `Interrupted` once the signal is aborted. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted(signal.reason === 'close' ? 'close' : 'stop');
}

/** What `work` gives, or `Interrupted` as soon as the signal is aborted; the work then ends unheard. */
export async function untilInterrupted<Value>(
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value> {
  throwIfInterrupted(signal);
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Interrupted(signal.reason === 'close' ? 'close' : 'stop'));
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Resolves after so long; throws `Interrupted` when the signal is aborted before. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await untilInterrupted(signal, () => new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))));
  } finally {
    clearTimeout(timer);
  }
}
