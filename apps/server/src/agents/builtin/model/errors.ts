import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import { APICallError } from 'ai';

/** Why an answer did not come, and whether asking again can help. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly error: FarhandError;
  /** How often to ask at most. */
  readonly maxAttempts: number;
  /** What the provider asked to wait. */
  readonly retryAfterMs: number | null;

  constructor(error: FarhandError, maxAttempts: number, retryAfterMs: number | null = null) {
    super(error.message, { cause: error });
    this.error = error;
    this.maxAttempts = maxAttempts;
    this.retryAfterMs = retryAfterMs;
  }
}

/** With the pauses of retry.ts about five minutes. */
const PATIENT = 10;
/** An endpoint that is not there seldom comes while one waits, but a network that just woke does. */
const BRIEF = 5;
const NEVER = 1;

/** Reads what the model library threw or streamed as an error, provider texts included. */
export function readModelError(thrown: unknown, ref: string): ModelFailure {
  if (thrown instanceof ModelFailure) return thrown;
  if (APICallError.isInstance(thrown)) return readApiError(thrown, ref);
  const said = textOf(thrown);
  if (/overloaded|server_error|api_error|internal server error|unavailable/i.test(said)) {
    return failure('model.overloaded', said, { ref, attempts: PATIENT });
  }
  if (/rate.?limit/i.test(said)) return failure('model.rate_limited', said, { ref, attempts: PATIENT });
  if (isContextFull(said)) return failure('model.context_full', said, { ref, attempts: NEVER });
  if (
    /terminated|aborted|socket|ECONNRESET|EPIPE|other side closed|without a finish reason|no output generated/i.test(
      said,
    )
  )
    return cut(ref);
  if (/fetch failed|cannot connect|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|network/i.test(said)) {
    return failure('model.unreachable', said, { ref, attempts: BRIEF });
  }
  return failure('model.failed', said, { ref, attempts: 3 });
}

/** No byte came for this long. */
export function stalled(ref: string, stallMs: number): ModelFailure {
  return failure('model.stalled', `nothing came for ${Math.round(stallMs / 1000)} s`, {
    ref,
    attempts: PATIENT,
  });
}

/** The stream ended before the answer did. */
export function cut(ref: string): ModelFailure {
  return failure('model.stalled', 'the connection was cut', { ref, attempts: PATIENT });
}

function readApiError(thrown: APICallError, ref: string): ModelFailure {
  const { statusCode: status, responseBody } = thrown;
  const said = thrown.message || responseBody?.slice(0, 500) || '';
  const retryAfterMs = readRetryAfter(thrown.responseHeaders ?? {}, Date.now());
  const give = (code: ErrorCode, attempts: number) =>
    failure(code, said, { ref, attempts, status, retryAfterMs });
  if (status === undefined) return give('model.unreachable', BRIEF);
  if (status === 401 || status === 403) return give('model.key_rejected', NEVER);
  if (isContextFull(`${said} ${responseBody ?? ''}`) || status === 413)
    return give('model.context_full', NEVER);
  // A spent budget has the same status as a busy minute.
  if (status === 402 || /insufficient_quota|billing|credit balance/i.test(`${said} ${responseBody ?? ''}`))
    return give('model.no_credit', NEVER);
  if (status === 429) return give('model.rate_limited', PATIENT);
  if (status >= 500 || status === 408) return give('model.overloaded', PATIENT);
  if (status >= 400) return give('model.refused', NEVER);
  return give('model.failed', 3);
}

interface Facts {
  readonly ref: string;
  readonly attempts: number;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | null;
}

function failure(code: ErrorCode, said: string, facts: Facts): ModelFailure {
  const { ref, attempts, status, retryAfterMs = null } = facts;
  const bare = new FarhandError(code).message.replace(/\.$/, '');
  const reason = clean(said);
  const error = new FarhandError(code, {
    message: reason ? `${bare} (${ref}): ${reason}` : `${bare} (${ref}).`,
    details: { model: ref, ...(status === undefined ? {} : { status }) },
  });
  return new ModelFailure(error, attempts, retryAfterMs);
}

// A provider's text is foreign: one line, bounded.
function clean(said: string): string {
  return said
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 400);
}

function isContextFull(said: string): boolean {
  return /context.{0,20}(length|window|limit)|prompt is too long|too many (input )?tokens|maximum.{0,20}tokens.{0,40}(exceed|context)|input token count/i.test(
    said,
  );
}

function textOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if (thrown instanceof Error)
    return [thrown.message, thrown.cause ? textOf(thrown.cause) : ''].join(' ').trim();
  return JSON.stringify(thrown) ?? '';
}

/** What `retry-after-ms` or `retry-after` (seconds or a date) asks for; null where there is none. */
export function readRetryAfter(headers: Readonly<Record<string, string>>, nowMs: number): number | null {
  const ms = Number(headers['retry-after-ms']);
  if (headers['retry-after-ms'] && Number.isFinite(ms)) return Math.max(0, ms);
  const value = headers['retry-after'];
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
