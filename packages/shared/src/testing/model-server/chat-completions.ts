import { type ModelRequestMessage, TEST_MODEL } from './script.ts';
import { type Api, listOf, type Wire } from './wire.ts';

/** OpenAI's chat completions: `/v1/chat/completions`. */
export const CHAT_COMPLETIONS: Api = {
  read: (body) => ({
    model: String(body.model),
    messages: listOf(body, 'messages') as unknown as readonly ModelRequestMessage[],
    tools: listOf(body, 'tools').map((tool) => (tool.function as { name: string }).name),
    isStreamed: true,
  }),
  refusal: (message) => ({ error: { message, type: 'error' } }),
  wire(send): Wire {
    let calls = 0;
    let delta: (piece: string) => object = (content) => ({ content });
    const chunk = (fields: object) =>
      send({
        id: 'chatcmpl-test',
        object: 'chat.completion.chunk',
        created: 0,
        model: TEST_MODEL,
        ...fields,
      });
    const change = (fields: object) => chunk({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
    return {
      beginPart(kind) {
        if (kind === 'text') delta = (content) => ({ content });
        else if (kind === 'reasoning') delta = (reasoning_content) => ({ reasoning_content });
        else {
          const index = calls;
          calls += 1;
          const { id, name } = kind;
          change({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
          delta = (piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] });
        }
      },
      piece: (text) => change(delta(text)),
      endPart: () => {},
      end({ finish, hasCalls, usage: { input, output, cached } }) {
        const finish_reason = finish ?? (hasCalls ? 'tool_calls' : 'stop');
        chunk({ choices: [{ index: 0, delta: {}, finish_reason }] });
        const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
        chunk({ choices: [], usage: { ...usage, prompt_tokens_details: { cached_tokens: cached } } });
        send('[DONE]');
      },
    };
  },
};
