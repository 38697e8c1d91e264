import type { TranscriptItem } from '@farhand/shared/model/transcripts';

export type TurnItem = Extract<TranscriptItem, { kind: 'turn' }>;
type ShownItem = Exclude<TranscriptItem, { kind: 'turn' | 'discarded' }>;

/** One row of the transcript: an item, or the end of a turn (its state, tokens and time), which stands after its items. */
export type Row =
  | { readonly kind: 'item'; readonly key: string; readonly item: ShownItem; readonly latestPlan: boolean }
  | { readonly kind: 'turn'; readonly key: string; readonly turn: TurnItem; readonly prompt: string | null };

/**
 * Rows in reading order. Discarded and empty items give none. Only the newest plan is `latestPlan`: older ones fold.
 * `prompt` is what the person asked in that turn, for sending it again.
 */
export function transcriptRows(items: readonly TranscriptItem[]): Row[] {
  const rows: Row[] = [];
  const plan = newestPlan(items);
  let open: OpenTurn = { id: null, turn: null, prompt: null };
  for (const item of items) {
    if (item.kind === 'discarded') continue;
    if (open.id !== item.turnId) {
      rows.push(...endOf(open));
      open = { id: item.turnId, turn: null, prompt: null };
    }
    if (item.kind === 'turn') open.turn = item;
    else if (!isEmpty(item)) rows.push({ kind: 'item', key: item.id, item, latestPlan: item.id === plan });
    if (item.kind === 'user_message') open.prompt = item.text;
  }
  rows.push(...endOf(open));
  return rows;
}

interface OpenTurn {
  readonly id: string | null;
  turn: TurnItem | null;
  prompt: string | null;
}

function endOf({ turn, prompt }: OpenTurn): Row[] {
  return turn ? [{ kind: 'turn', key: turn.id, turn, prompt }] : [];
}

function isEmpty(item: ShownItem): boolean {
  if (item.kind === 'plan') return item.entries.length === 0;
  return (item.kind === 'text' || item.kind === 'reasoning') && item.text.trim() === '';
}

function newestPlan(items: readonly TranscriptItem[]): string | null {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.kind === 'plan' && item.entries.length > 0) return item.id;
    if (item?.kind === 'tool_call' && item.view?.kind === 'todo') return item.id;
  }
  return null;
}
