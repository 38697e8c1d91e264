import type { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { undoneItems } from '@farhand/shared/protocol/rewound';

/**
 * The items of a transcript for another session: with ids of their own, and nothing that goes on. Jobs stay with the
 * workspace where they run, and so do questions to a person.
 */
export function copiedItems(items: readonly TranscriptItem[]): TranscriptItem[] {
  const undone = undoneItems(items);
  return items.flatMap((item) => {
    if (undone.has(item.id)) return [];
    const copy = copied(item);
    return copy ? [{ ...copy, id: newId('item') }] : [];
  });
}

function copied(item: TranscriptItem): TranscriptItem | null {
  switch (item.kind) {
    case 'approval':
    case 'discarded':
    // What was taken back is left out, so there is nothing to tell of it.
    case 'rewound':
      return null;
    case 'turn': {
      const isOver = item.state !== 'working';
      return isOver ? item : { ...item, state: 'stopped', retry: null, endedAt: new Date().toISOString() };
    }
    case 'tool_call': {
      const { childSessionId: _, ...call } = item;
      const isOver = call.state !== 'pending' && call.state !== 'running';
      const end = isOver ? {} : { state: 'stopped' as const, endedAt: new Date().toISOString() };
      return { ...call, ...end, jobId: null };
    }
    case 'text':
    case 'reasoning':
      return { ...item, done: true };
    default:
      return item;
  }
}

/** Tells in a copied transcript that the agent itself does not know of it; null where there is nothing to know. */
export function forgotItem(
  items: readonly TranscriptItem[],
  { message }: FarhandError,
): TranscriptItem | null {
  const last = items.at(-1);
  if (!last) return null;
  return {
    id: newId('item'),
    turnId: last.turnId,
    at: new Date().toISOString(),
    kind: 'notice',
    level: 'warning',
    text: `The agent does not remember what is above: ${message}`,
  };
}
