import { type ModelRequestMessage, TEST_MODEL } from './script.ts';
import { type Api, type Body, listOf, type Wire } from './wire.ts';

/** OpenAI's responses: `/v1/responses`, always as a stream. */
export const RESPONSES: Api = {
  read: (body) => ({
    model: String(body.model),
    messages: joined(listOf(body, 'input').flatMap(messagesOf)),
    tools: listOf(body, 'tools').map(({ name, type }) => String(name ?? type)),
    isStreamed: true,
  }),
  refusal: (message) => ({ error: { message, type: 'error', code: null } }),
  wire(send): Wire {
    const id = `resp_${crypto.randomUUID()}`;
    const output: object[] = [];
    let part: Part | null = null;
    const event = (type: string, fields: object) => send({ type, ...fields }, type);
    const response = (fields: object) => ({ id, object: 'response', model: TEST_MODEL, output, ...fields });
    event('response.created', { response: response({ status: 'in_progress' }) });
    return {
      beginPart(kind) {
        part = { id: `item_${crypto.randomUUID()}`, kind, text: '' };
        event('response.output_item.added', {
          output_index: output.length,
          item: itemOf(part, 'in_progress'),
        });
      },
      piece(text) {
        if (part === null) return;
        part.text += text;
        const place = { item_id: part.id, output_index: output.length };
        event(deltaType(part), { ...place, content_index: 0, summary_index: 0, delta: text });
      },
      endPart() {
        if (part === null) return;
        const item = itemOf(part, 'completed');
        event('response.output_item.done', { output_index: output.length, item });
        output.push(item);
      },
      end({ usage: { input, output: out, cached } }) {
        const usage = {
          input_tokens: input,
          input_tokens_details: { cached_tokens: cached },
          output_tokens: out,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: input + out,
        };
        event('response.completed', { response: response({ status: 'completed', usage }) });
      },
    };
  },
};

interface Part {
  readonly id: string;
  readonly kind: Parameters<Wire['beginPart']>[0];
  text: string;
}

function deltaType({ kind }: Part): string {
  if (kind === 'text') return 'response.output_text.delta';
  if (kind === 'reasoning') return 'response.reasoning_summary_text.delta';
  return 'response.function_call_arguments.delta';
}

function itemOf({ id, kind, text }: Part, status: string): object {
  if (kind === 'text')
    return {
      id,
      type: 'message',
      role: 'assistant',
      status,
      content: [{ type: 'output_text', text, annotations: [] }],
    };
  if (kind === 'reasoning') return { id, type: 'reasoning', summary: [{ type: 'summary_text', text }] };
  return { id, type: 'function_call', call_id: kind.id, name: kind.name, arguments: text, status };
}

function messagesOf(item: Body): ModelRequestMessage[] {
  if (item.type === 'function_call') {
    const named = { name: String(item.name), arguments: String(item.arguments) };
    return [{ role: 'assistant', tool_calls: [{ id: String(item.call_id), function: named }] }];
  }
  if (item.type === 'function_call_output')
    return [{ role: 'tool', content: item.output, tool_call_id: String(item.call_id) }];
  return typeof item.role === 'string' ? [{ role: item.role, content: item.content }] : [];
}

// What one answer said and called comes back as several items.
function joined(messages: readonly ModelRequestMessage[]): ModelRequestMessage[] {
  const result: ModelRequestMessage[] = [];
  for (const message of messages) {
    const last = result.at(-1);
    if (last?.role === 'assistant' && message.role === 'assistant')
      result[result.length - 1] = {
        ...last,
        ...message,
        tool_calls: [...(last.tool_calls ?? []), ...(message.tool_calls ?? [])],
      };
    else result.push(message);
  }
  return result;
}
