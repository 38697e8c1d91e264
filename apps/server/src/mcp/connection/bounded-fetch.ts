/** Of one answer, and of one stream of events. */
const LONGEST_ANSWER = 16 * 1024 * 1024;
const LONGEST_STREAM = 64 * 1024 * 1024;

/** Answers that send on, with the same method and body. */
const SENT_ON: readonly number[] = [307, 308];
const MOST_SENT_ON = 3;

/**
 * A fetch that sends the token to the server's own origin only, and never takes in more than it can hold. A server that
 * sends on to another origin is not followed: it could name one that only this machine reaches.
 */
export function boundedFetch(server: URL, token: () => string | null): typeof fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const bearer = token();
    if (bearer !== null && url.origin === server.origin) headers.set('authorization', `Bearer ${bearer}`);
    const ask = () => fetch(url, { ...init, headers, redirect: 'manual' });
    let response = await ask();
    for (let count = 0; SENT_ON.includes(response.status) && count < MOST_SENT_ON; count += 1) {
      url = nextOf(url, response);
      await response.body?.cancel();
      response = await ask();
    }
    if (response.status >= 300 && response.status < 400 && response.status !== 304)
      throw new Error('the server sends on to another address');
    if (!response.body) return response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    const body = response.body.pipeThrough(limited(isStream ? LONGEST_STREAM : LONGEST_ANSWER));
    const { status, statusText } = response;
    return new Response(body, { status, statusText, headers: response.headers });
  };
}

function nextOf(url: URL, response: Response): URL {
  const next = URL.parse(response.headers.get('location') ?? '', url.href);
  if (next?.origin === url.origin) return next;
  throw new Error('the server sends on to another address');
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
