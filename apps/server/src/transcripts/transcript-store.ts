import type { ItemId, SessionId } from '@farhand/shared/model/ids';
import { type TranscriptItem, transcriptItem } from '@farhand/shared/model/transcripts';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { sessions, transcriptItems } from '../store/schema.ts';

/** An item as stored: its place in the transcript and the number of its newest change. */
export interface StoredItem {
  readonly first: number;
  readonly last: number;
  readonly item: TranscriptItem;
}

/** The rows of transcripts; prepared once, for they are written many times a second. */
export function createTranscriptStore(db: Database) {
  const columns = {
    first: transcriptItems.firstSeq,
    last: transcriptItems.lastSeq,
    item: transcriptItems.item,
  };
  const at = {
    session: sql.placeholder('sessionId'),
    item: sql.placeholder('itemId'),
    seq: sql.placeholder('seq'),
    json: sql.placeholder('json'),
  };
  const upsert = db
    .insert(transcriptItems)
    .values({ sessionId: at.session, itemId: at.item, firstSeq: at.seq, lastSeq: at.seq, item: at.json })
    .onConflictDoUpdate({
      target: [transcriptItems.sessionId, transcriptItems.itemId],
      set: { lastSeq: sql`excluded.last_seq`, item: sql`excluded.item` },
    })
    .returning({ first: transcriptItems.firstSeq })
    .prepare();
  const one = db
    .select(columns)
    .from(transcriptItems)
    .where(and(eq(transcriptItems.sessionId, at.session), eq(transcriptItems.itemId, at.item)))
    .prepare();
  const since = db
    .select(columns)
    .from(transcriptItems)
    .where(and(eq(transcriptItems.sessionId, at.session), gt(transcriptItems.lastSeq, at.seq)))
    .orderBy(asc(transcriptItems.lastSeq))
    .limit(sql.placeholder('limit'))
    .prepare();
  const every = db
    .select(columns)
    .from(transcriptItems)
    .where(eq(transcriptItems.sessionId, at.session))
    .orderBy(asc(transcriptItems.firstSeq))
    .prepare();
  const numberOf = db
    .select({ lastSeq: sessions.lastSeq })
    .from(sessions)
    .where(eq(sessions.id, at.session))
    .prepare();

  return {
    /** All or nothing. */
    transaction: (work: () => void): void => db.transaction(work),
    /** Puts an item under this number; gives the number under which it first appeared. */
    put(sessionId: SessionId, seq: number, item: TranscriptItem): number {
      return upsert.get({ sessionId, itemId: item.id, seq, json: JSON.stringify(item) }).first;
    },
    item(sessionId: SessionId, itemId: ItemId): TranscriptItem | null {
      const row = one.get({ sessionId, itemId });
      return row ? read(row).item : null;
    },
    /** Items changed after `seq`, the oldest change first. */
    changedSince: (sessionId: SessionId, seq: number, limit: number): StoredItem[] =>
      since.all({ sessionId, seq, limit }).map(read),
    /** All items in display order. */
    all: (sessionId: SessionId): StoredItem[] => every.all({ sessionId }).map(read),
    hasSession: (sessionId: SessionId): boolean => numberOf.get({ sessionId }) !== undefined,
    lastSeq: (sessionId: SessionId): number => numberOf.get({ sessionId })?.lastSeq ?? 0,
    setLastSeq(sessionId: SessionId, lastSeq: number): void {
      db.update(sessions).set({ lastSeq }).where(eq(sessions.id, sessionId)).run();
    },
  };
}

export type TranscriptStore = ReturnType<typeof createTranscriptStore>;

function read(row: { first: number; last: number; item: string }): StoredItem {
  return { first: row.first, last: row.last, item: transcriptItem.parse(JSON.parse(row.item)) };
}
