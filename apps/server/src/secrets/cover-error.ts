import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Redactor } from './redactor.ts';

/** The same error with secrets covered in its message and in the texts of its details; what is not ours stays as it is. */
export function coverError(thrown: unknown, redactor: Redactor): unknown {
  if (!FarhandError.is(thrown)) return thrown;
  const details = Object.entries(thrown.details).map(([name, value]) => [
    name,
    typeof value === 'string' ? redactor.text(value) : value,
  ]);
  return new FarhandError(thrown.code, {
    message: redactor.text(thrown.message),
    details: Object.fromEntries(details),
    ...(thrown.hint !== null && { hint: thrown.hint }),
    cause: thrown.cause,
  });
}
