import type { Message, StoredMessage } from '../messages.ts';
import { lastSummary, requestView } from './view.ts';

/** Rough for all languages and code; only what no answer has counted yet is estimated. */
const CHARACTERS_A_TOKEN = 3.5;
const TOKENS_AN_IMAGE = 1500;
/** What the provider adds around each message. */
const TOKENS_A_MESSAGE = 8;

/** Tokens of these messages, about. */
export function estimateTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + estimateOne(message), 0);
}

/** Tokens of the context that the next request uses: what the last answer counted, and an estimate of what came since. */
export function contextInUse(stored: readonly StoredMessage[], system: string): number {
  const summarised = lastSummary(stored);
  const since = stored.slice((summarised?.at ?? -1) + 1);
  const counted = since.findLastIndex((one) => one.role === 'assistant' && one.usage !== undefined);
  const answer = since[counted];
  const later = since.slice(counted + 1).flatMap((one) => (one.role === 'summary' ? [] : [one]));
  if (answer?.role === 'assistant' && answer.usage)
    return answer.usage.input + answer.usage.output + estimateTokens(later);
  if (summarised) return summarised.summary.tokensAfter + estimateTokens(later);
  return estimateTokens(requestView(stored)) + textTokens(system);
}

function estimateOne(message: Message): number {
  switch (message.role) {
    case 'user':
      return TOKENS_A_MESSAGE + textTokens(message.text) + (message.images?.length ?? 0) * TOKENS_AN_IMAGE;
    case 'tool':
      return TOKENS_A_MESSAGE + textTokens(message.text) + message.images.length * TOKENS_AN_IMAGE;
    case 'assistant': {
      const calls = JSON.stringify(message.calls.map(({ tool, input }) => [tool, input]));
      return TOKENS_A_MESSAGE + textTokens(message.text) + textTokens(calls);
    }
  }
}

function textTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}
