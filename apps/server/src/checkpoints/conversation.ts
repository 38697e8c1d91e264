import { newId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { undoneItems } from '@farhand/shared/protocol/rewound';
import type { CheckpointRow, CheckpointStore, Intent } from './checkpoint-store.ts';
import type { CheckpointsDeps } from './checkpoints.ts';
import { cutFrom, positionOf, putBack } from './memory.ts';

type ConversationDeps = Pick<CheckpointsDeps, 'db' | 'transcripts'> & { readonly store: CheckpointStore };

/** The turns that a rewind to there would take back; of an undo none. */
export function turnsFrom(items: readonly TranscriptItem[], target: CheckpointRow): Set<string> {
  if (target.kind === 'undo') return new Set();
  const undone = undoneItems(items);
  const first = items.findIndex(({ turnId }) => turnId === target.id);
  const later =
    first < 0 ? [] : items.slice(first).filter((item) => item.kind !== 'rewound' && !undone.has(item.id));
  return new Set(later.map(({ turnId }) => turnId));
}

interface Done {
  readonly row: CheckpointRow;
  readonly wanted: Intent;
  readonly target: CheckpointRow;
  readonly files: number;
}

/** Takes the conversation back where that is wanted, and tells in the transcript of the rewind; then it is over. */
export function takeBack(deps: ConversationDeps, { row, wanted, target, files }: Done): void {
  const { db, store, transcripts } = deps;
  const { sessionId } = row;
  // As it was before this rewind, which a killed server may have told of already.
  const items = transcripts.items(sessionId).filter(({ id }) => id !== wanted.itemId);
  const writer = transcripts.writer(sessionId);
  const item: Extract<TranscriptItem, { kind: 'rewound' }> = {
    id: wanted.itemId,
    turnId: newId('turn'),
    at: new Date().toISOString(),
    kind: 'rewound',
    what: wanted.what,
    to: wanted.to,
    undo: row.id as Extract<TranscriptItem, { kind: 'rewound' }>['undo'],
    files,
    undoes: undoneBy(items, target),
  };
  // The item first: a server killed in between writes the same one again.
  writer.put(item);
  writer.flush();
  db.transaction(() => {
    if (wanted.what !== 'files') {
      const memory = target.kind === 'undo' ? restoreMemory(deps, target) : cutTo(db, items, target);
      store.change(row.id, { memory });
    }
    store.change(row.id, { intent: null });
  });
}

function undoneBy(items: readonly TranscriptItem[], target: CheckpointRow) {
  if (target.kind !== 'undo') return null;
  return items.find((item) => item.kind === 'rewound' && item.undo === target.id)?.id ?? null;
}

function cutTo(db: ConversationDeps['db'], items: readonly TranscriptItem[], target: CheckpointRow) {
  return cutFrom(db, target.sessionId, positionOf(db, target.sessionId, turnsFrom(items, target)));
}

// What later rewinds cut off comes back first, the newest first: each as it was before that rewind.
function restoreMemory({ db, store }: ConversationDeps, target: CheckpointRow) {
  const rows = store.ofSession(target.sessionId);
  const from = rows.findIndex(({ id }) => id === target.id);
  const cuts = rows.slice(from).flatMap(({ memory }) => (memory ? [memory] : []));
  const now = cutFrom(db, target.sessionId, Math.min(...cuts.map((cut) => cut.from)));
  putBack(db, target.sessionId, now);
  for (const cut of cuts.toReversed()) putBack(db, target.sessionId, cut);
  return now;
}
