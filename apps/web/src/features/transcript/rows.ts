import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { undoneItems } from '@farhand/shared/protocol/rewound';

export type TurnItem = Extract<TranscriptItem, { kind: 'turn' }>;
type ShownItem = Exclude<TranscriptItem, { kind: 'turn' | 'discarded' }>;

/** One row of the transcript: an item, or the end of a turn (its state, tokens and time), which stands after its items. */
export type PlainRow =
  | { readonly kind: 'item'; readonly key: string; readonly item: ShownItem; readonly latestPlan: boolean }
  | { readonly kind: 'turn'; readonly key: string; readonly turn: TurnItem; readonly prompt: string | null };

/** A row, or those that a rewind of the conversation took back, as one. */
export type Row =
  | PlainRow
  | { readonly kind: 'undone'; readonly key: string; readonly rows: readonly PlainRow[] };

/**
 * Rows in reading order. Discarded and empty items give none. Only the newest plan is `latestPlan`: older ones fold.
 * `prompt` is what the person asked in that turn, for sending it again.
 */
export function transcriptRows(items: readonly TranscriptItem[]): Row[] {
  const undone = undoneItems(items);
  const rows = plainRows(items);
  return undone.size === 0 ? rows : folded(rows, undone);
}

function folded(rows: readonly PlainRow[], undone: ReadonlySet<string>): Row[] {
  const all: Row[] = [];
  for (const row of rows) {
    const last = all.at(-1);
    if (!undone.has(row.key)) all.push(row);
    else if (last?.kind === 'undone') all[all.length - 1] = { ...last, rows: [...last.rows, row] };
    else all.push({ kind: 'undone', key: `undone-${row.key}`, rows: [row] });
  }
  return all;
}

function plainRows(items: readonly TranscriptItem[]): PlainRow[] {
  const rows: PlainRow[] = [];
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

function endOf({ turn, prompt }: OpenTurn): PlainRow[] {
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
