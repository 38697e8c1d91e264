/** Of one answer, and of one stream of events. */
const LONGEST_ANSWER = 16 * 1024 * 1024;
const LONGEST_STREAM = 64 * 1024 * 1024;

/** A fetch that sends the token to the server's own origin only, and never takes in more than it can hold. */
export function boundedFetch(server: URL, token: () => string | null): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const bearer = token();
    if (bearer !== null && url.origin === server.origin) headers.set('authorization', `Bearer ${bearer}`);
    const response = await fetch(input, { ...init, headers });
    if (!response.body) return response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    const body = response.body.pipeThrough(limited(isStream ? LONGEST_STREAM : LONGEST_ANSWER));
    const { status, statusText } = response;
    return new Response(body, { status, statusText, headers: response.headers });
  };
}

function limited(limitBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform(bytes, controller) {
      length += bytes.length;
      if (length > limitBytes) controller.error(new Error('the answer is too long'));
      else controller.enqueue(bytes);
    },
  });
}
