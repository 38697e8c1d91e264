import { RequestError } from '@agentclientprotocol/sdk';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { Interrupted } from '../../builtin/interrupted.ts';

/** Of JSON-RPC's range for servers: a person or the policy said no. ACP names no code for it. */
const DENIED = -32_010;

/** Someone said no; the agent gets the reason, where there is one. */
export function denied(what: string, reason: string | null): RequestError {
  const message = reason ? `${what} was denied by the user: ${reason}` : `${what} was denied by the user.`;
  return new RequestError(DENIED, message);
}

/** What was asked for makes no sense or cannot be done so. */
export function badRequest(message: string): RequestError {
  return RequestError.invalidParams(undefined, message);
}

/** As JSON-RPC takes it: ours with their sentence, whatever else without its text, which may hold anything. */
function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  if (thrown instanceof Interrupted) return RequestError.requestCancelled(undefined, 'The turn was stopped.');
  if (!FarhandError.is(thrown)) return RequestError.internalError();
  const { code, message } = thrown;
  return code === 'file.not_found' || code === 'job.not_found'
    ? new RequestError(-32_002, message, { code })
    : RequestError.internalError({ code }, message);
}

/**
 * The answer to a request, or why there is none. Where the server closes there is neither: the agent waits on, and the
 * next server is asked the same again.
 */
export async function answered<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted && signal.reason === 'close') return await new Promise<never>(() => {});
    throw toRequestError(thrown);
  }
}
