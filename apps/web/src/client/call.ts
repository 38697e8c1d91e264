import type { CallInput, CallName, CallOutput } from '@farhand/shared/protocol/calls';
import type { WireError } from '@farhand/shared/protocol/frames';
import { ApiError } from './api-error.ts';
import { connectionStore } from './connection-store.ts';

type Answer<Name extends CallName> = { ok: true; data: CallOutput<Name> } | { ok: false; error: WireError };

/**
 * The answer of one call of the API. Throws `ApiError`: with the server's code, or `server.unreachable` where no
 * answer came, which leaves open whether the call took effect.
 */
export async function call<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<CallOutput<Name>> {
  const answer = await post<Name>(name, input, options.signal);
  if (answer.ok) return answer.data;
  if (answer.error.code === 'access.denied')
    connectionStore.setState({ connection: { state: 'signed_out' } });
  throw new ApiError(answer.error);
}

async function post<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  signal: AbortSignal | undefined,
): Promise<Answer<Name>> {
  try {
    const response = await fetch(`/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'same-origin',
      body: JSON.stringify(input),
      ...(signal && { signal }),
    });
    return (await response.json()) as Answer<Name>;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw ApiError.of('server.unreachable', cause);
  }
}
