import { type ModelRequestMessage, TEST_MODEL } from './script.ts';
import { type Api, type Body, listOf, textOf, type Wire } from './wire.ts';

/** Google's: `/v1beta/models/<model>:streamGenerateContent`. A call is sent whole, as that API does. */
export const GENERATE_CONTENT: Api = {
  read: (body, path) => ({
    model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
    messages: listOf(body, 'contents').map(messageOf),
    tools: listOf(body, 'tools').flatMap((tool) =>
      listOf(tool, 'functionDeclarations').map(({ name }) => String(name)),
    ),
    isStreamed: path.includes(':streamGenerateContent'),
  }),
  refusal: (message) => ({ error: { message, status: 'UNAVAILABLE' } }),
  wire(send): Wire {
    let part: { kind: Parameters<Wire['beginPart']>[0]; text: string } | null = null;
    const chunk = (parts: object[], fields: object = {}, finishReason?: string) =>
      send({
        candidates: [
          { index: 0, content: { role: 'model', parts }, ...(finishReason ? { finishReason } : {}) },
        ],
        modelVersion: TEST_MODEL,
        ...fields,
      });
    return {
      beginPart(kind) {
        part = { kind, text: '' };
      },
      piece(text) {
        if (part === null) return;
        if (typeof part.kind === 'object') part.text += text;
        else chunk([{ text, ...(part.kind === 'reasoning' ? { thought: true } : {}) }]);
      },
      endPart() {
        if (typeof part?.kind !== 'object' || part === null) return;
        const { id, name } = part.kind;
        chunk([{ functionCall: { id, name, args: JSON.parse(part.text) } }]);
      },
      end({ finish, usage: { input, output, cached } }) {
        const usageMetadata = {
          promptTokenCount: input,
          candidatesTokenCount: output,
          cachedContentTokenCount: cached,
          totalTokenCount: input + output,
        };
        chunk([{ text: '' }], { usageMetadata }, finish ?? 'STOP');
      },
    };
  },
};

/** One document that says this and nothing else: for requests that want no stream. */
export function wholeContent(text: string): object {
  return { candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }] };
}

function messageOf(content: Body): ModelRequestMessage {
  const parts = listOf(content, 'parts');
  if (parts.some((part) => 'functionResponse' in part)) return { role: 'tool', content: parts };
  const role = content.role === 'model' ? 'assistant' : String(content.role);
  return { role, content: textOf(parts) };
}
