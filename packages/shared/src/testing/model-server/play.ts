import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ModelStep, Paced } from './script.ts';
import type { Api, PartKind, SendEvent, Wire } from './wire.ts';

/** Plays the steps of one answer over HTTP, in the words of this API. */
export async function play(steps: readonly ModelStep[], api: Api, response: ServerResponse): Promise<void> {
  const answer = new StreamedAnswer(api, response);
  for (const step of steps) {
    // The client went away: nothing more to play.
    if (response.destroyed) return;
    if ('status' in step) return refuse(api, response, step);
    if ('stall' in step) return answer.open();
    if ('cut' in step) return answer.cut();
    await answer.play(step);
  }
  answer.finish();
}

/** One JSON document. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(
  api: Api,
  response: ServerResponse,
  { status, retryAfter, message }: Extract<ModelStep, { status: number }>,
): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  json(response, status, api.refusal(message ?? `status ${status}`));
}

class StreamedAnswer {
  readonly #api: Api;
  readonly #response: ServerResponse;
  #wire: Wire | null = null;
  #hasCalls = false;
  #finish: string | null = null;
  #usage = { input: 10, output: 5, cached: 0 };

  constructor(api: Api, response: ServerResponse) {
    this.#api = api;
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
    else if ('text' in step) await this.#part('text', step.text, step);
    else if ('reasoning' in step) await this.#part('reasoning', step.reasoning, step);
    else {
      const { name, arguments: given, id = `call_${crypto.randomUUID()}` } = step.call;
      this.#hasCalls = true;
      await step.gate;
      await this.#part({ id, name }, typeof given === 'string' ? given : JSON.stringify(given), step);
    }
  }

  finish(): void {
    this.#open().end({ finish: this.#finish, hasCalls: this.#hasCalls, usage: this.#usage });
    this.#response.end();
  }

  cut(): void {
    this.open();
    // What was written before must get out first.
    this.#response.write('', () => this.#response.destroy());
  }

  async #part(kind: PartKind, text: string, { chunks = 1, delayMs = 0, gate }: Paced): Promise<void> {
    const wire = this.#open();
    if (typeof kind === 'object') wire.beginPart(kind);
    await gate;
    if (typeof kind === 'string') wire.beginPart(kind);
    const size = Math.max(1, Math.ceil(text.length / chunks));
    for (let at = 0; at < text.length; at += size) {
      if (delayMs > 0) await wait(delayMs);
      if (this.#response.destroyed) return;
      wire.piece(text.slice(at, at + size));
    }
    wire.endPart();
  }

  #open(): Wire {
    this.open();
    return (this.#wire ??= this.#api.wire(this.#send));
  }

  readonly #send: SendEvent = (data, name) => {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    this.#response.write(`${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`);
  };
}
