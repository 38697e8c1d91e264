import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ProviderGate } from '../../../models/rate-limits.ts';
import type { Retry } from '../../agent.ts';
import { pause } from '../interrupted.ts';
import { ModelFailure } from './errors.ts';

/** The tuned times of asking a model, in milliseconds. */
export interface ModelTiming {
  /** Without one byte for so long, the answer is given up and asked for again. */
  readonly stallMs: number;
  /** The pause before the second try; doubled for each further one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const MODEL_TIMING: ModelTiming = { stallMs: 60_000, firstPauseMs: 1000, longestPauseMs: 60_000 };

/** A provider that asks for more than this is not waited for: the person is told instead. */
const LONGEST_ASKED_MS = 5 * 60_000;

const PAUSED = 'The provider has limited the rate of requests.';
/** Turns that wait for the same moment come back spread over so long. */
const SPREAD_MS = 1000;

interface Asking<Answer> {
  /** Throws `ModelFailure`. Leaves nothing behind when it fails. */
  readonly ask: () => Promise<Answer>;
  readonly onRetry: (retry: Retry | null) => void;
  readonly signal: AbortSignal;
  readonly timing: ModelTiming;
  /** Shared with all turns that ask this provider. */
  readonly gate?: ProviderGate | undefined;
}

/** The answer, asked for again while that can help. Throws `FarhandError` (`model.*`) or `Interrupted`. */
export async function askUntilAnswered<Answer>({
  ask,
  onRetry,
  signal,
  timing,
  gate,
}: Asking<Answer>): Promise<Answer> {
  const wait = async (untilMs: number, attempt: number, reason: string) => {
    onRetry({ attempt, reason, nextAt: new Date(untilMs).toISOString() });
    try {
      await pause(Math.max(0, untilMs - Date.now()), signal);
    } finally {
      onRetry(null);
    }
  };
  for (let attempt = 1; ; attempt += 1) {
    const closedUntilMs = gate?.until() ?? null;
    if (closedUntilMs !== null) await wait(closedUntilMs + Math.random() * SPREAD_MS, attempt, PAUSED);
    let failure: ModelFailure;
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof ModelFailure)) throw thrown;
      failure = thrown;
    }
    const pauseMs = failure.retryAfterMs ?? ownPauseMs(attempt, timing);
    if (attempt >= failure.maxAttempts || pauseMs > LONGEST_ASKED_MS) throw lastError(failure, attempt);
    const untilMs = Date.now() + pauseMs;
    if (failure.error.code === 'model.rate_limited') gate?.close(untilMs);
    await wait(untilMs, attempt + 1, failure.error.message);
  }
}

// Up to a quarter more, so that many agents do not come back at the same moment.
function ownPauseMs(attempt: number, { firstPauseMs, longestPauseMs }: ModelTiming): number {
  return Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs) * (1 + Math.random() / 4);
}

function lastError({ error }: ModelFailure, attempts: number): FarhandError {
  if (attempts === 1) return error;
  const code = error.code === 'model.rate_limited' ? 'model.overloaded' : error.code;
  const message = `${error.message.replace(/\.$/, '')}; asked ${attempts} times.`;
  return new FarhandError(code, { message, details: { ...error.details, attempts }, cause: error });
}
