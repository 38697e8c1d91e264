import type { TurnId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';

/** What an agent that was started without memory is told at most, in characters. */
const LONGEST = 12_000;
const LONGEST_MESSAGE = 3000;

/** What was said before this turn, the newest last, for an agent that does not remember it; empty where nothing was. */
export function prefaceOf(items: readonly TranscriptItem[], turnId: TurnId): string {
  const said = items.flatMap((item) => {
    if (item.turnId === turnId) return [];
    if (item.kind === 'user_message') return [`User: ${cut(item.text)}`];
    if (item.kind === 'text') return [`You: ${cut(item.text)}`];
    return item.kind === 'tool_call' ? [`(You used a tool: ${cut(item.title)})`] : [];
  });
  if (said.length === 0) return '';
  const kept: string[] = [];
  let length = 0;
  for (const line of said.toReversed()) {
    length += line.length;
    if (length > LONGEST) break;
    kept.unshift(line);
  }
  return `You were started anew and do not remember this conversation. This is what was said before${
    kept.length < said.length ? ', without its beginning' : ''
  }:\n\n${kept.join('\n\n')}\n\nGo on with the message that follows.`;
}

function cut(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}…`;
}
