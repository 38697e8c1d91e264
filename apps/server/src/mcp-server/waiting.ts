import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { z } from 'zod';
import type { ToolContext } from './tool.ts';

/** The longest that a tool waits; clients give up on an answer sooner or later. */
const MAX_WAIT_SECONDS = 600;
/** One look takes at most this long, so that a client hears something in between. */
const LOOK_MS = 5_000;

/** Of tools that may wait. */
export const waitSeconds = z
  .number()
  .int()
  .min(0)
  .max(MAX_WAIT_SECONDS)
  .default(0)
  .describe('How long to wait for the end, in seconds; 0 answers at once.');

interface Wait<Seen> {
  readonly seconds: number;
  /** Looks, and itself waits for at most so long where that is possible. */
  look(waitMs: number): Promise<Seen>;
  isOver(seen: Seen): boolean;
  /** How it stands, for the client's progress line. */
  tell(seen: Seen): string;
}

/** What is seen once it is over, or when the time has passed. Ends with the context's signal. */
export async function waitFor<Seen>(
  { seconds, look, isOver, tell }: Wait<Seen>,
  context: ToolContext,
): Promise<Seen> {
  const until = Date.now() + seconds * 1000;
  let seen = await look(0);
  while (!isOver(seen)) {
    const left = until - Date.now();
    if (left <= 0) return seen;
    await context.progress(tell(seen));
    if (context.signal.aborted) throw new FarhandError('request.cancelled');
    seen = await look(Math.min(left, LOOK_MS));
  }
  return seen;
}
