import type { ProviderKind } from '@farhand/shared/model/models';
import {
  type AssistantModelMessage,
  type ImagePart,
  type ModelMessage,
  modelMessageSchema,
  type ToolModelMessage,
  type ToolResultPart,
  type UserModelMessage,
} from 'ai';
import type { AssistantMessage, Message, ToolImage, ToolMessage, UserMessage } from '../messages.ts';

/** For a call that never got a result: models insist on one. */
const NO_RESULT = 'This call was stopped before it gave a result.';

/** Our messages in the form of the model library, every call followed by its result. */
export function toModelMessages(messages: readonly Message[], kind: ProviderKind): ModelMessage[] {
  const results = new Map(
    messages.flatMap((message) => (message.role === 'tool' ? [[message.callId, message] as const] : [])),
  );
  return messages.flatMap((message) => {
    if (message.role === 'user') return [toUser(message)];
    if (message.role === 'tool') return [];
    return [toAssistant(message, kind), ...toResults(message, results, kind)];
  });
}

function toUser({ text, images = [] }: UserMessage): UserModelMessage {
  if (images.length === 0) return { role: 'user', content: text };
  return { role: 'user', content: [...images.map(imagePart), { type: 'text', text }] };
}

function imagePart({ base64, mediaType }: ToolImage): ImagePart {
  return { type: 'image', image: base64, mediaType };
}

function toAssistant(message: AssistantMessage, kind: ProviderKind): AssistantModelMessage {
  const native = message.provider === kind ? modelMessageSchema.safeParse(message.native) : null;
  if (native?.success && native.data.role === 'assistant') return native.data;
  // Another provider cannot read the first one's reasoning and signatures.
  const text =
    message.text === '' && message.calls.length > 0
      ? []
      : [{ type: 'text' as const, text: message.text || '…' }];
  const calls = message.calls.map(({ callId, tool, input }) => ({
    type: 'tool-call' as const,
    toolCallId: callId,
    toolName: tool,
    input: typeof input === 'object' && input !== null ? input : {},
  }));
  return { role: 'assistant', content: [...text, ...calls] };
}

function toResults(
  message: AssistantMessage,
  results: ReadonlyMap<string, ToolMessage>,
  kind: ProviderKind,
): ModelMessage[] {
  if (message.calls.length === 0) return [];
  const answered = message.calls.map(({ callId, tool }) => results.get(callId) ?? missing(callId, tool));
  const takesImages = kind !== 'openai_compatible';
  const converted: ToolModelMessage = {
    role: 'tool',
    content: answered.map((result) => toResult(result, takesImages)),
  };
  const images = takesImages ? [] : answered.flatMap((result) => result.images);
  if (images.length === 0) return [converted];
  // That protocol has no images in results, so they follow as the user's.
  return [converted, { role: 'user', content: images.map(imagePart) }];
}

function toResult(
  { callId, tool, text, isFailure, images }: ToolMessage,
  takesImages: boolean,
): ToolResultPart {
  const base = { type: 'tool-result' as const, toolCallId: callId, toolName: tool };
  if (images.length === 0 || !takesImages)
    return { ...base, output: { type: isFailure ? 'error-text' : 'text', value: text } };
  const shown = images.map(({ base64, mediaType }) => ({
    type: 'image-data' as const,
    data: base64,
    mediaType,
  }));
  return { ...base, output: { type: 'content', value: [{ type: 'text', text }, ...shown] } };
}

function missing(callId: string, tool: string): ToolMessage {
  return { role: 'tool', callId, tool, text: NO_RESULT, isFailure: true, images: [] };
}
