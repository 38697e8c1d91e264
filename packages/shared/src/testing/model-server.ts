/** A model for tests: an OpenAI-compatible endpoint on loopback that plays a script over real HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

interface Paced {
  /** In how many pieces it is sent; 1 when absent. */
  readonly chunks?: number;
  /** Waited before each piece. */
  readonly delayMs?: number;
  /** Waited for before the first piece: the test lets it go on. */
  readonly gate?: Promise<unknown>;
}

/** One thing that an answer does, in order. `call.arguments` that is a string is sent as it is, valid JSON or not. */
export type ModelStep =
  | ({ readonly text: string } & Paced)
  | ({ readonly reasoning: string } & Paced)
  | ({ readonly call: { readonly name: string; readonly arguments: unknown; readonly id?: string } } & Paced)
  | { readonly usage: { readonly input: number; readonly output: number; readonly cached?: number } }
  /** The reason for the end; by default `tool_calls` after a call and `stop` otherwise. */
  | { readonly finish: string }
  /** An error in place of an answer, so the only step. */
  | { readonly status: number; readonly retryAfter?: string; readonly message?: string }
  /** Sends nothing more and keeps the connection open. */
  | { readonly stall: true }
  /** Closes the connection in the middle. */
  | { readonly cut: true };

/** One request as the server got it. */
export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The body as text: for finding what must not be in it. */
  readonly text: string;
  readonly model: string;
  readonly messages: readonly ModelRequestMessage[];
  /** The newest message of the person. */
  readonly lastUserText: string;
  /** How many answers came since that message: 0 for the first request of a turn. */
  readonly step: number;
}

export interface ModelRequestMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** Answers in order, or a function of the request, which can hold several conversations at once. */
export type ModelScript =
  | readonly (readonly ModelStep[])[]
  | ((request: ModelRequest) => readonly ModelStep[]);

export interface ModelServer {
  /** To give as the base URL: ends in `/v1`. */
  readonly url: string;
  /** All requests for an answer so far. */
  readonly requests: readonly ModelRequest[];
  /** Resolves when there are so many requests. */
  whenRequested(count: number): Promise<void>;
  close(): Promise<void>;
}

export const TEST_MODEL = 'scripted';

/** Starts it on a free port of 127.0.0.1. A request beyond the end of a list is answered with status 400. */
export async function startModelServer(script: ModelScript): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const waiting = new Set<() => void>();
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (incoming.url === '/v1/models')
      return json(response, 200, { object: 'list', data: [{ id: TEST_MODEL, object: 'model' }] });
    if (incoming.url !== '/v1/chat/completions')
      return json(response, 404, { error: { message: 'not found' } });
    const request = await readRequest(incoming);
    const steps = typeof script === 'function' ? script(request) : script[requests.length];
    requests.push(request);
    for (const check of waiting) check();
    await play(steps ?? [{ status: 400, message: 'the script has no more answers' }], response);
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
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

async function readRequest(incoming: IncomingMessage): Promise<ModelRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  const body = JSON.parse(text) as { model: string; messages: ModelRequestMessage[] };
  const lastUser = body.messages.findLastIndex(
    ({ role, content }) => role === 'user' && textOf(content) !== '',
  );
  return {
    path: incoming.url ?? '',
    headers: incoming.headers,
    text,
    model: body.model,
    messages: body.messages,
    lastUserText: textOf(body.messages[lastUser]?.content),
    step: body.messages.slice(lastUser + 1).filter(({ role }) => role === 'assistant').length,
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: string }) => part.text ?? '').join('');
}

async function play(steps: readonly ModelStep[], response: ServerResponse): Promise<void> {
  const answer = new StreamedAnswer(response);
  for (const step of steps) {
    // The client went away: nothing more to play.
    if (response.destroyed) return;
    if ('status' in step) return refuse(response, step);
    if ('stall' in step) return answer.open();
    if ('cut' in step) return answer.cut();
    await answer.play(step);
  }
  answer.finish();
}

function refuse(
  response: ServerResponse,
  { status, retryAfter, message }: Extract<ModelStep, { status: number }>,
): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  json(response, status, { error: { message: message ?? `status ${status}`, type: 'error' } });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

class StreamedAnswer {
  readonly #response: ServerResponse;
  #calls = 0;
  #finish: string | null = null;
  #usage = { input: 10, output: 5, cached: 0 };

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  open(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    this.#response.flushHeaders();
  }

  async play(step: Exclude<ModelStep, { status: number } | { stall: true } | { cut: true }>): Promise<void> {
    if ('usage' in step) this.#usage = { cached: 0, ...step.usage };
    else if ('finish' in step) this.#finish = step.finish;
    else if ('call' in step) await this.#call(step.call, step);
    else if ('text' in step) await this.#pieces(step.text, step, (content) => ({ content }));
    else await this.#pieces(step.reasoning, step, (reasoning_content) => ({ reasoning_content }));
  }

  finish(): void {
    const reason = this.#finish ?? (this.#calls > 0 ? 'tool_calls' : 'stop');
    this.#send({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    const { input, output, cached } = this.#usage;
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    this.#send({ choices: [], usage: { ...usage, prompt_tokens_details: { cached_tokens: cached } } });
    this.#response.end('data: [DONE]\n\n');
  }

  cut(): void {
    this.open();
    // What was written before must get out first.
    this.#response.write('', () => this.#response.destroy());
  }

  async #call(call: { name: string; arguments: unknown; id?: string }, paced: Paced): Promise<void> {
    const index = this.#calls;
    this.#calls += 1;
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    const id = call.id ?? `call_${crypto.randomUUID()}`;
    await paced.gate;
    this.#delta({
      tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: '' } }],
    });
    await this.#pieces(text, paced, (piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] }));
  }

  async #pieces(
    text: string,
    { chunks = 1, delayMs = 0, gate }: Paced,
    delta: (piece: string) => unknown,
  ): Promise<void> {
    this.open();
    await gate;
    const size = Math.max(1, Math.ceil(text.length / chunks));
    for (let at = 0; at < text.length; at += size) {
      if (delayMs > 0) await wait(delayMs);
      if (this.#response.destroyed) return;
      this.#delta(delta(text.slice(at, at + size)));
    }
  }

  #delta(delta: unknown): void {
    this.#send({ choices: [{ index: 0, delta, finish_reason: null }] });
  }

  #send(fields: object): void {
    this.open();
    const chunk = {
      id: 'chatcmpl-test',
      object: 'chat.completion.chunk',
      created: 0,
      model: TEST_MODEL,
      ...fields,
    };
    this.#response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }
}
