import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderKind } from '@farhand/shared/model/models';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Message } from '../messages.ts';
import type { Effort } from './effort.ts';
import { type Answer, askOnce } from './step.ts';

interface Seen {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let base: string;
let seen: Seen[];
let reply: { status: number; body: string };
let printed: ReturnType<typeof vi.spyOn>[];

beforeEach(async () => {
  seen = [];
  server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    seen.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString() });
    const type = reply.status === 200 ? 'text/event-stream' : 'application/json';
    response.writeHead(reply.status, { 'content-type': type }).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  printed = (['log', 'warn', 'error', 'info'] as const).map((name) => vi.spyOn(console, name));
});

afterEach(async () => {
  // Requests hold conversations: none may reach the console.
  if (printed.some((spy) => spy.mock.calls.length > 0)) throw new Error('something was printed');
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const noSink = { text() {}, reasoning() {}, end() {}, call() {} };

function ask(
  kind: ProviderKind,
  path: string,
  messages: Message[],
  { model = 'm', effort = 'default' }: { model?: string; effort?: Effort } = {},
): Promise<Answer> {
  return askOnce({
    model: { ref: `${kind}/${model}`, kind, baseUrl: base + path, key: 'the-key', model },
    effort,
    system: 'Be brief.',
    messages,
    tools: [{ name: 'look', description: 'Looks.', input: z.object({ at: z.string() }) }],
    callIds: new Set(),
    sink: noSink,
    signal: new AbortController().signal,
    stallMs: 5000,
  });
}

const sse = (events: readonly { type: string }[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

describe('askOnce', () => {
  it.each([
    ['anthropic', '', '/v1/messages', 'x-api-key', 'the-key'],
    ['anthropic', '/v1', '/v1/messages', 'x-api-key', 'the-key'],
    ['openai', '/v1', '/v1/responses', 'authorization', 'Bearer the-key'],
    ['google', '/v1beta', '/v1beta/models/m:streamGenerateContent?alt=sse', 'x-goog-api-key', 'the-key'],
    ['openai_compatible', '/v1', '/v1/chat/completions', 'authorization', 'Bearer the-key'],
  ] as const)('asks %s with its key (base %o)', async (kind, path, url, header, key) => {
    reply = { status: 401, body: '{"error":{"message":"no"}}' };
    await expect(ask(kind, path, [{ role: 'user', text: 'hi' }])).rejects.toMatchObject({
      error: { code: 'model.key_rejected' },
      maxAttempts: 1,
    });
    expect(seen).toEqual([
      expect.objectContaining({ url, headers: expect.objectContaining({ [header]: key }) }),
    ]);
  });

  it.each([
    ['anthropic', '/v1', 'claude-sonnet-4-5', { thinking: { type: 'enabled', budget_tokens: 4096 } }],
    [
      'anthropic',
      '/v1',
      'claude-opus-4-8',
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
    ],
    ['openai', '/v1', 'gpt-5', { reasoning: { effort: 'low' }, store: false }],
    [
      'google',
      '/v1beta',
      'gemini-2.5-pro',
      { generationConfig: { thinkingConfig: { thinkingBudget: 2048, includeThoughts: true } } },
    ],
    ['openai_compatible', '/v1', 'gpt-oss-20b', { reasoning_effort: 'low' }],
  ] as const)('asks %s (base %o) for %s to think little', async (kind, path, model, sent) => {
    reply = { status: 401, body: '{"error":{"message":"no"}}' };
    await ask(kind, path, [{ role: 'user', text: 'hi' }], { model, effort: 'low' }).catch(() => {});
    await ask(kind, path, [{ role: 'user', text: 'hi' }], { model }).catch(() => {});
    const [little, usual] = seen.map(({ body }) => JSON.parse(body) as object);
    expect(little).toMatchObject(sent);
    expect(usual).not.toMatchObject(sent);
  });

  it.each(['anthropic', 'openai', 'google', 'openai_compatible'] as const)(
    'shows %s an image of the person',
    async (kind) => {
      reply = { status: 401, body: '{"error":{"message":"no"}}' };
      const images = [{ mediaType: 'image/png', base64: 'aGVsbG8=' }];
      await ask(kind, '/v1', [{ role: 'user', text: 'look', images }]).catch(() => {});
      expect(seen[0]?.body).toContain('aGVsbG8=');
      expect(seen[0]?.body).toContain('look');
    },
  );

  it('gives Anthropic its own reasoning and signature back, with the result of the call', async () => {
    const start = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      usage: { input_tokens: 7, cache_read_input_tokens: 3, output_tokens: 1 },
    };
    reply = {
      status: 200,
      body: sse([
        { type: 'message_start', message: start },
        {
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'thinking', thinking: '', signature: '' },
        },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'signed' } },
        { type: 'content_block_stop', index: 0 },
        {
          type: 'content_block_start',
          index: 1,
          content_block: { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} },
        },
        {
          type: 'content_block_delta',
          index: 1,
          delta: { type: 'input_json_delta', partial_json: '{"at":"a"}' },
        },
        { type: 'content_block_stop', index: 1 },
        {
          type: 'message_delta',
          delta: { stop_reason: 'tool_use', stop_sequence: null },
          usage: { output_tokens: 9 },
        },
        { type: 'message_stop' },
      ] as { type: string }[]),
    };
    const first: Message = { role: 'user', text: 'hi' };
    const { calls, native, text, usage } = await ask('anthropic', '', [first]);
    expect(calls).toEqual([{ callId: 'toolu_1', tool: 'look', input: { at: 'a' }, problem: null }]);
    expect(usage).toEqual({ input: 10, output: 9, cachedInput: 3 });
    const stored = JSON.parse(
      JSON.stringify({ role: 'assistant', text, calls, native, provider: 'anthropic', items: [] }),
    ) as Message;
    const image = { mediaType: 'image/png', base64: 'AAAA' };
    await ask('anthropic', '', [
      first,
      stored,
      { role: 'tool', callId: 'toolu_1', tool: 'look', text: 'seen', isFailure: false, images: [image] },
    ]);
    const body = JSON.parse(seen[1]?.body ?? '') as { messages: { content: unknown }[]; system: unknown };
    expect(body.messages[1]?.content).toEqual([
      { type: 'thinking', thinking: 'Hm.', signature: 'signed' },
      expect.objectContaining({ type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'a' } }),
    ]);
    expect(body.messages[2]?.content).toEqual([
      expect.objectContaining({
        type: 'tool_result',
        tool_use_id: 'toolu_1',
        cache_control: { type: 'ephemeral' },
        content: [{ type: 'text', text: 'seen' }, expect.objectContaining({ type: 'image' })],
      }),
    ]);
    expect(body.system).toEqual([{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }]);
  });

  it('takes another provider’s answer as plain text, and a call without a result as stopped', async () => {
    reply = { status: 400, body: '{"error":{"message":"no"}}' };
    const calls = [{ callId: 'c1', tool: 'look', input: { at: 'a' }, problem: null }];
    const foreign: Message = {
      role: 'assistant',
      text: 'I look.',
      calls,
      native: { role: 'assistant', content: 'secret form' },
      provider: 'anthropic',
      items: [],
    };
    await expect(
      ask('openai_compatible', '/v1', [
        { role: 'user', text: 'hi' },
        foreign,
        { role: 'user', text: 'go on' },
      ]),
    ).rejects.toThrow('refused');
    const { messages } = JSON.parse(seen[0]?.body ?? '') as {
      messages: { role: string; content: unknown }[];
    };
    expect(messages.map(({ role, content }) => [role, content]).slice(1)).toEqual([
      ['user', 'hi'],
      ['assistant', 'I look.'],
      ['tool', 'This call was stopped before it gave a result.'],
      ['user', 'go on'],
    ]);
  });

  it('holds a stream that just ends for cut', async () => {
    const message = {
      id: 'x',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const start = { type: 'message_start', message };
    const text = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Half' } };
    for (const events of [[], [start], [start, text]]) {
      reply = { status: 200, body: sse(events) };
      await expect(ask('anthropic', '', [{ role: 'user', text: 'hi' }])).rejects.toMatchObject({
        error: { code: 'model.stalled' },
      });
    }
  });
});
