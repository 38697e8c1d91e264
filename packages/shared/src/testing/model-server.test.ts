import { afterEach, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from './model-server.ts';

let server: ModelServer;
afterEach(() => server.close());

const start = async () => {
  server = await startModelServer(({ step }) =>
    step === 0
      ? [{ text: 'Look. ' }, { call: { name: 'run', arguments: { a: 1 }, id: 'c1' } }]
      : [{ text: 'done' }],
  );
};
const ask = async (url: string, body: object) => {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return await answer.text();
};

describe('the model server', () => {
  it('speaks the messages of Anthropic', async () => {
    await start();
    const said = { role: 'user', content: [{ type: 'text', text: 'hi' }] };
    const body = { model: 'm', stream: true, tools: [{ name: 'run' }], messages: [said] };
    const first = await ask(`${server.origin}/v1/messages?beta=true`, body);
    expect(first).toContain('"type":"tool_use","id":"c1","name":"run"');
    expect(first).toContain('"stop_reason":"tool_use"');
    const use = {
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'c1', name: 'run', input: { a: 1 } }],
    };
    const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'ok' }] };
    expect(await ask(`${server.origin}/v1/messages`, { ...body, messages: [said, use, result] })).toContain(
      'done',
    );
    expect(server.requests[1]).toMatchObject({ lastUserText: 'hi', step: 1, tools: ['run'] });
    expect(await ask(`${server.origin}/v1/messages`, { model: 'm', messages: [said] })).toContain('end_turn');
  });

  it('speaks the responses of OpenAI', async () => {
    await start();
    const said = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] };
    const body = { model: 'm', stream: true, tools: [{ type: 'function', name: 'run' }], input: [said] };
    const first = await ask(`${server.url}/responses`, body);
    expect(first).toContain('"call_id":"c1","name":"run","arguments":"{\\"a\\":1}","status":"completed"');
    const message = {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Look. ' }],
    };
    const use = { type: 'function_call', call_id: 'c1', name: 'run', arguments: '{}' };
    const result = { type: 'function_call_output', call_id: 'c1', output: 'ok' };
    const second = await ask(`${server.url}/responses`, { ...body, input: [said, message, use, result] });
    expect(second).toContain('response.completed');
    expect(server.requests[1]).toMatchObject({ lastUserText: 'hi', step: 1, tools: ['run'] });
  });

  it('speaks the contents of Google', async () => {
    await start();
    const said = { role: 'user', parts: [{ text: 'hi' }] };
    const url = `${server.origin}/v1beta/models/some:streamGenerateContent?alt=sse`;
    const first = await ask(url, { contents: [said], tools: [{ functionDeclarations: [{ name: 'run' }] }] });
    expect(first).toContain('"functionCall":{"id":"c1","name":"run","args":{"a":1}}');
    const use = { role: 'model', parts: [{ functionCall: { name: 'run', args: {} } }] };
    const result = { role: 'user', parts: [{ functionResponse: { name: 'run', response: {} } }] };
    expect(await ask(url, { contents: [said, use, result] })).toContain('"text":"done"');
    expect(server.requests[1]).toMatchObject({ model: 'some', lastUserText: 'hi', step: 1 });
  });

  it('tells what was asked for that it does not have', async () => {
    await start();
    await ask(`${server.origin}/v1/other?key=x`, {});
    expect(server.strays).toEqual(['POST /v1/other']);
  });
});
