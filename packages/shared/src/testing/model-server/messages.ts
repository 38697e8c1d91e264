import { type ModelRequestMessage, TEST_MODEL } from './script.ts';
import { type Api, type Body, listOf, textOf, type Wire } from './wire.ts';

/** Anthropic's messages: `/v1/messages`, as a stream or as one document. */
export const MESSAGES: Api = {
  read: (body) => ({
    model: String(body.model),
    messages: listOf(body, 'messages').flatMap(messagesOf),
    tools: listOf(body, 'tools').map(({ name }) => String(name)),
    isStreamed: body.stream === true,
  }),
  refusal: (message) => ({ type: 'error', error: { type: 'api_error', message } }),
  wire(send): Wire {
    let index = -1;
    let delta: (piece: string) => object = () => ({});
    const event = (type: string, fields: object) => send({ type, ...fields }, type);
    event('message_start', {
      message: { ...EMPTY, id: newId(), stop_reason: null, usage: { input_tokens: 1, output_tokens: 1 } },
    });
    return {
      beginPart(kind) {
        index += 1;
        const [content_block, piece] = blockOf(kind);
        delta = piece;
        event('content_block_start', { index, content_block });
      },
      piece: (text) => event('content_block_delta', { index, delta: delta(text) }),
      endPart: () => event('content_block_stop', { index }),
      end({ finish, hasCalls, usage: { input, output, cached } }) {
        event('message_delta', {
          delta: { stop_reason: finish ?? (hasCalls ? 'tool_use' : 'end_turn'), stop_sequence: null },
          usage: { input_tokens: input, output_tokens: output, cache_read_input_tokens: cached },
        });
        event('message_stop', {});
      },
    };
  },
};

// Agents join answers that have the same.
const newId = () => `msg_${crypto.randomUUID()}`;

const EMPTY = {
  type: 'message',
  role: 'assistant',
  model: TEST_MODEL,
  content: [],
  stop_sequence: null,
};

/** One document that says this and nothing else: for requests that want no stream, which no script is for. */
export function wholeMessage(text: string): object {
  const usage = { input_tokens: 1, output_tokens: 1 };
  return { ...EMPTY, id: newId(), content: [{ type: 'text', text }], stop_reason: 'end_turn', usage };
}

function blockOf(kind: Parameters<Wire['beginPart']>[0]): [object, (piece: string) => object] {
  if (kind === 'text') return [{ type: 'text', text: '' }, (text) => ({ type: 'text_delta', text })];
  if (kind === 'reasoning')
    return [
      { type: 'thinking', thinking: '', signature: '' },
      (thinking) => ({ type: 'thinking_delta', thinking }),
    ];
  const block = { type: 'tool_use', id: kind.id, name: kind.name, input: {} };
  return [block, (partial_json) => ({ type: 'input_json_delta', partial_json })];
}

function messagesOf(message: Body): ModelRequestMessage[] {
  const role = String(message.role);
  const parts = listOf(message, 'content');
  const results = parts
    .filter(({ type }) => type === 'tool_result')
    .map((part) => ({ role: 'tool', content: part.content, tool_call_id: String(part.tool_use_id) }));
  // Agents add what the person did not write to what they did.
  const said = parts.filter(({ text }) => !String(text).startsWith('<system-reminder>'));
  const content = typeof message.content === 'string' ? message.content : textOf(said);
  const calls = parts.filter(({ type }) => type === 'tool_use');
  if (calls.length === 0) return content === '' ? results : [...results, { role, content }];
  const tool_calls = calls.map(({ id, name, input }) => ({
    id: String(id),
    function: { name: String(name), arguments: JSON.stringify(input) },
  }));
  return [{ role, content, tool_calls }];
}
