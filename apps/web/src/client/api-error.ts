import { ERRORS, type ErrorCode } from '@farhand/shared/errors/table';
import type { WireError } from '@farhand/shared/protocol/frames';

/** A failed call, or a failed subscription: what failed, its `noun.reason` code and the next step. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    error: Omit<WireError, 'details'> & { readonly details?: WireError['details'] },
    options?: ErrorOptions,
  ) {
    super(error.message, options);
    this.code = error.code;
    this.hint = error.hint;
    this.retryable = error.retryable;
    this.details = error.details ?? {};
  }

  /** The error of this code with the sentence and the hint of the shared table. */
  static of(code: ErrorCode, cause?: unknown): ApiError {
    const { message, hint = null, retryable = false } = ERRORS[code];
    return new ApiError({ code, message, hint, retryable }, cause === undefined ? undefined : { cause });
  }

  /** `thrown` itself where it is one; otherwise `internal.unexpected` with it as the cause. */
  static from(thrown: unknown): ApiError {
    return thrown instanceof ApiError ? thrown : ApiError.of('internal.unexpected', thrown);
  }
}
