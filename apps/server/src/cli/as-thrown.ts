import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { ERRORS, type ErrorCode } from '@farhand/shared/errors/table';

interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details?: FarhandError['details'];
}

/** A failure that the server tells of, to be thrown here; a code that this version does not know is not kept. */
export function asThrown({ code, message, hint, details }: ToldError): FarhandError {
  const known: ErrorCode = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal.unexpected';
  return new FarhandError(known, {
    message,
    ...(hint === null ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}
