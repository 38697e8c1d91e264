import type { FarhandError } from '@farhand/shared/errors/farhand-error';
import { ERRORS } from '@farhand/shared/errors/table';

/** The HTTP status of an error, by its code. */
export function statusOf(error: FarhandError): number {
  return ERRORS[error.code].status ?? 400;
}

/** `{ ok: false, error }` with the error's status. */
export function errorResponse(error: FarhandError): Response {
  // What could not be read whole must not be taken for the next request on this connection.
  const headers: Record<string, string> = error.code === 'request.too_large' ? { connection: 'close' } : {};
  // As RFC 6750 wants it, so that programs know how to sign in.
  if (statusOf(error) === 401) headers['www-authenticate'] = 'Bearer realm="farhand"';
  return Response.json({ ok: false, error: error.toJSON() }, { status: statusOf(error), headers });
}
