import type { AgentTurn } from '../agent.ts';
import type { Conversation } from './conversation.ts';

/**
 * Makes void what a restart cut off: items of answers that never came to their end. The model is asked again for those,
 * so they would be there twice.
 */
export function discardUnfinished(
  { readItems, turnId, transcript }: AgentTurn,
  conversation: Conversation,
): void {
  const kept = new Set(conversation.answers.flatMap((answer) => answer.items));
  for (const item of readItems()) {
    const isOfAnswer = item.kind === 'text' || item.kind === 'reasoning' || item.kind === 'tool_call';
    if (item.turnId !== turnId || !isOfAnswer || kept.has(item.id)) continue;
    transcript.put({ id: item.id, turnId, at: item.at, kind: 'discarded' });
  }
  transcript.flush();
}
