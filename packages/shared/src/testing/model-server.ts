/** A model for tests: the APIs of three vendors on loopback, all playing one script over real HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CHAT_COMPLETIONS } from './model-server/chat-completions.ts';
import { GENERATE_CONTENT, wholeContent } from './model-server/generate-content.ts';
import { MESSAGES, wholeMessage } from './model-server/messages.ts';
import { json, play } from './model-server/play.ts';
import { RESPONSES } from './model-server/responses.ts';
import { type ModelRequest, type ModelScript, TEST_MODEL } from './model-server/script.ts';
import { type Api, textOf } from './model-server/wire.ts';

export {
  type ModelRequest,
  type ModelRequestMessage,
  type ModelScript,
  type ModelStep,
  TEST_MODEL,
} from './model-server/script.ts';

export interface ModelServer {
  /** To give as the base URL of the APIs of OpenAI: ends in `/v1`. */
  readonly url: string;
  /** To give as the base URL of those of Anthropic and Google. */
  readonly origin: string;
  /** All requests for an answer so far. */
  readonly requests: readonly ModelRequest[];
  /** Method and path of what was asked for and is not there. */
  readonly strays: readonly string[];
  /** Resolves when there are so many requests. */
  whenRequested(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. A request beyond the end of a list is answered with status 400. */
export async function startModelServer(script: ModelScript): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const strays: string[] = [];
  const waiting = new Set<() => void>();
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (incoming.url ?? '').split('?', 1)[0] ?? '';
    if (path === '/v1/models')
      return json(response, 200, { object: 'list', data: [{ id: TEST_MODEL, object: 'model' }] });
    const api = apiOf(path);
    if (api === null) {
      strays.push(`${incoming.method} ${path}`);
      return json(response, 404, { error: { message: 'not found' } });
    }
    const { request, isStreamed } = await readRequest(api, incoming);
    if (!isStreamed) return json(response, 200, api === MESSAGES ? wholeMessage('ok') : wholeContent('ok'));
    const steps = typeof script === 'function' ? script(request) : script[requests.length];
    requests.push(request);
    for (const check of waiting) check();
    await play(steps ?? [{ status: 400, message: 'the script has no more answers' }], api, response);
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/v1`,
    origin,
    requests,
    strays,
    whenRequested: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function apiOf(path: string): Api | null {
  if (path === '/v1/chat/completions') return CHAT_COMPLETIONS;
  if (path === '/v1/responses') return RESPONSES;
  if (path === '/v1/messages') return MESSAGES;
  return /^\/v1(?:beta)?\/models\/[^/]+:(?:streamG|g)enerateContent$/.test(path) ? GENERATE_CONTENT : null;
}

async function readRequest(api: Api, incoming: IncomingMessage) {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  const path = incoming.url ?? '';
  const { isStreamed, messages, ...conversation } = api.read(JSON.parse(text), path);
  const lastUser = messages.findLastIndex(({ role, content }) => role === 'user' && textOf(content) !== '');
  const request: ModelRequest = {
    path,
    headers: incoming.headers,
    text,
    ...conversation,
    messages,
    lastUserText: textOf(messages[lastUser]?.content),
    step: messages.slice(lastUser + 1).filter(({ role }) => role === 'assistant').length,
  };
  return { request, isStreamed };
}
