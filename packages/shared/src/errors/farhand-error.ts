import { ERRORS, type ErrorCode } from './table.ts';

export interface FarhandErrorOptions {
  /** What failed, for which thing. The table's sentence when absent. */
  readonly message?: string;
  /** The next step for a person. The table's hint when absent. */
  readonly hint?: string;
  /** Facts for logs and programs; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** What crosses the API for an error: no stack, no cause. */
export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The one error class: `code` is `noun.reason` from the table in `table.ts`, which also says if retrying can help. */
export class FarhandError extends Error {
  override readonly name = 'FarhandError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, options: FarhandErrorOptions = {}) {
    const row = ERRORS[code];
    super(options.message ?? row.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? row.hint;
    this.retryable = row.retryable ?? false;
    this.details = options.details ?? {};
  }

  toJSON(): ErrorJson {
    const { code, message, hint, retryable, details } = this;
    return { code, message, hint, retryable, details };
  }

  /**
   * `thrown` itself where it is one of ours; otherwise with it as the cause `disk.full` where that is what it says, and
   * `internal.unexpected`.
   */
  static from(thrown: unknown): FarhandError {
    if (thrown instanceof FarhandError) return thrown;
    return new FarhandError(isDiskFull(thrown) ? 'disk.full' : 'internal.unexpected', { cause: thrown });
  }

  /** True for one of ours with one of these codes. */
  static is(thrown: unknown, ...codes: ErrorCode[]): thrown is FarhandError {
    return thrown instanceof FarhandError && (codes.length === 0 || codes.includes(thrown.code));
  }
}

// By the store, or by the system; the store's own error is the cause of one that names the query.
function isDiskFull(thrown: unknown): boolean {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1)
    if ('code' in error && (error.code === 'SQLITE_FULL' || error.code === 'ENOSPC')) return true;
  return false;
}
