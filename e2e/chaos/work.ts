import type { Random } from '@farhand/shared/testing/random';
import type { ChaosWorld } from './chaos-world.ts';
import type { Tally } from './tally.ts';

/** What every worker is given. */
export interface Work {
  readonly world: ChaosWorld;
  readonly tally: Tally;
  /** Of its own: what one worker draws changes nothing for another. */
  readonly random: Random;
  /** Aborted when no new work is to be begun. */
  readonly stopping: AbortSignal;
  /** Aborted when the wait for what was begun is over. */
  readonly deadline: AbortSignal;
}

/** Waits, at most until no new work is to be begun. */
export function restOrStop(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      stopping.removeEventListener('abort', end);
      resolve();
    }
    stopping.addEventListener('abort', end);
    if (stopping.aborted) end();
  });
}

/** True for a call that got no answer: the server was killed, or is not up yet. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof SyntaxError;

/** Asks again until the server answers; only for calls that may be carried out twice. */
export async function ask<Value>(call: () => Promise<Value>, deadline: AbortSignal): Promise<Value> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isUnanswered(error) || deadline.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
