import type { ItemId, SessionId } from '@farhand/shared/model/ids';
import type { SessionEvent, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Database } from '../store/database.ts';
import { createTranscriptStore, type StoredItem } from './transcript-store.ts';
import { createTranscriptWriter, type TranscriptWriter } from './transcript-writer.ts';

export type { TranscriptWriter } from './transcript-writer.ts';

type Listener = (events: SessionEvent[]) => void;

/** The durable records of sessions: numbered, stored before they are shown. */
export interface Transcripts {
  /** The session's one writer. */
  writer(sessionId: SessionId): TranscriptWriter;
  /**
   * What brings a client that has number `after` up to date: each item changed since as it is now, the oldest change
   * first. With fewer than `limit` events nothing more is stored.
   */
  read(sessionId: SessionId, after: number, limit: number): SessionEvent[];
  /** The whole transcript in display order, what waits to be stored included. */
  items(sessionId: SessionId): TranscriptItem[];
  /** True where the item is there: a look at one row, however long the transcript is. */
  has(sessionId: SessionId, itemId: ItemId): boolean;
  /** Calls back with events as they are stored, until the returned function is called. */
  watch(sessionId: SessionId, listener: Listener): () => void;
  lastSeq(sessionId: SessionId): number;
  /** Takes back items that the store refused: they are not stored later either. */
  withdraw(sessionId: SessionId, itemIds: readonly ItemId[]): void;
  /** Drops what waits for a session that is being deleted. */
  forget(sessionId: SessionId): void;
}

interface TranscriptsDeps {
  readonly db: Database;
  /** Called after each flush with the session's newest number. */
  readonly onSeq?: (sessionId: SessionId, seq: number) => void;
}

/** Transcripts over the embedded store. */
export function createTranscripts({ db, onSeq }: TranscriptsDeps): Transcripts {
  const store = createTranscriptStore(db);
  const writers = new Map<SessionId, ReturnType<typeof createTranscriptWriter>>();
  const watchers = new Map<SessionId, Set<Listener>>();

  const writer = (sessionId: SessionId) => {
    const known = writers.get(sessionId);
    if (known) return known;
    const made = createTranscriptWriter({
      sessionId,
      store,
      onStored(events, lastSeq) {
        onSeq?.(sessionId, lastSeq);
        for (const listener of watchers.get(sessionId) ?? []) listener(events);
      },
    });
    writers.set(sessionId, made);
    return made;
  };

  return {
    writer,
    read: (sessionId, after, limit) => store.changedSince(sessionId, after, limit).map(toEvent),
    items(sessionId) {
      writers.get(sessionId)?.flush();
      return store.all(sessionId).map((stored) => stored.item);
    },
    has(sessionId, itemId) {
      writers.get(sessionId)?.flush();
      return store.item(sessionId, itemId) !== null;
    },
    watch(sessionId, listener) {
      const listeners = watchers.get(sessionId) ?? new Set();
      watchers.set(sessionId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && watchers.get(sessionId) === listeners) watchers.delete(sessionId);
      };
    },
    lastSeq: (sessionId) => store.lastSeq(sessionId),
    withdraw: (sessionId, itemIds) => writers.get(sessionId)?.withdraw(itemIds),
    forget(sessionId) {
      writers.get(sessionId)?.drop();
      writers.delete(sessionId);
    },
  };
}

function toEvent({ first, last, item }: StoredItem): SessionEvent {
  return first === last ? { seq: last, item } : { seq: last, item, first };
}
