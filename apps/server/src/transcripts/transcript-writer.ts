import type { ItemId, SessionId } from '@farhand/shared/model/ids';
import type { SessionEvent, TranscriptItem } from '@farhand/shared/model/transcripts';
import { grow } from '@farhand/shared/protocol/fold';
import type { TranscriptStore } from './transcript-store.ts';

/** Long enough to join the tokens of a fast model, short enough to read as live. */
const FLUSH_AFTER_MS = 40;
/** Text waiting for the store above which it does not wait longer, in UTF-16 units. */
const FLUSH_ABOVE = 4096;
/** A store that refuses (a full disk) is asked again after this. */
const RETRY_AFTER_MS = 1000;

type GrowingField = 'text' | 'output';

/** Writes one session's transcript. What it is given is stored first and shown then, at most 50 ms later. */
export interface TranscriptWriter {
  /** Adds an item, or puts it in the place of the one with its id. */
  put(item: TranscriptItem): void;
  /** Adds text at the end of an item that was put before. */
  append(itemId: ItemId, field: GrowingField, text: string): void;
  /** Stores and shows all that waits, now. */
  flush(): void;
  /** Does `work` at once; what it puts is stored together or, by a server that is killed, not at all. */
  together(work: () => void): void;
  /** Calls `write` inside the transaction of each flush, and what that returns once it is stored; until the returned function is called. */
  alongside(write: () => () => void): () => void;
}

type Waiting =
  | { readonly kind: 'item'; readonly item: TranscriptItem }
  | {
      readonly kind: 'append';
      readonly item: TranscriptItem;
      readonly field: GrowingField;
      readonly at: number;
    };

interface WriterOptions {
  readonly sessionId: SessionId;
  readonly store: TranscriptStore;
  /** Called with what was just stored. */
  readonly onStored: (events: SessionEvent[], lastSeq: number) => void;
}

/** What only the owner of the transcripts does with a writer. */
export interface SessionWriter extends TranscriptWriter {
  /** Takes back items of which nothing was stored yet. */
  withdraw(itemIds: readonly ItemId[]): void;
  /** Forgets what waits, for a session that is gone. */
  drop(): void;
}

/** The one writer of a session. */
export function createTranscriptWriter(options: WriterOptions): SessionWriter {
  return new Writer(options);
}

class Writer implements SessionWriter {
  readonly #options: WriterOptions;
  readonly #waiting = new Map<ItemId, Waiting>();
  /** Items that may grow yet, as they are stored. */
  readonly #growing = new Map<ItemId, TranscriptItem>();
  readonly #alongside = new Set<() => () => void>();
  #waitingLength = 0;
  #isHeld = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  put(item: TranscriptItem): void {
    this.#waiting.set(item.id, { kind: 'item', item });
    this.#schedule(FLUSH_AFTER_MS);
  }

  append(itemId: ItemId, field: GrowingField, text: string): void {
    if (text === '') return;
    const before = this.#waiting.get(itemId);
    const item =
      before?.item ?? this.#growing.get(itemId) ?? this.#options.store.item(this.#options.sessionId, itemId);
    const at = item ? lengthOf(item, field) : 0;
    const grown = item && grow(item, { itemId, field, at, text });
    if (!grown) throw new TypeError(`item ${itemId} has no ${field} that grows`);
    this.#waiting.set(
      itemId,
      before ? { ...before, item: grown } : { kind: 'append', item: grown, field, at },
    );
    this.#waitingLength += text.length;
    if (this.#waitingLength >= FLUSH_ABOVE) this.#flushOrRetry();
    else this.#schedule(FLUSH_AFTER_MS);
  }

  flush(): void {
    if (this.#isHeld) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    const { store, sessionId, onStored } = this.#options;
    const events: SessionEvent[] = [];
    let onCommitted: (() => void)[] = [];
    let seq = store.lastSeq(sessionId);
    try {
      store.transaction(() => {
        for (const waiting of this.#waiting.values()) {
          seq += 1;
          const first = store.put(sessionId, seq, waiting.item);
          events.push(toEvent(waiting, seq, first));
        }
        store.setLastSeq(sessionId, seq);
        onCommitted = [...this.#alongside].map((write) => write());
      });
    } catch (error) {
      // Who asked for it is told, and what waits is stored all the same once the store takes it.
      this.#schedule(RETRY_AFTER_MS);
      throw error;
    }
    for (const committed of onCommitted) committed();
    for (const { item } of this.#waiting.values()) this.#remember(item);
    this.#waiting.clear();
    this.#waitingLength = 0;
    onStored(events, seq);
  }

  together(work: () => void): void {
    this.#isHeld = true;
    try {
      work();
    } finally {
      this.#isHeld = false;
    }
    if (this.#waitingLength >= FLUSH_ABOVE) this.#flushOrRetry();
    else if (this.#waiting.size > 0) this.#schedule(FLUSH_AFTER_MS);
  }

  alongside(write: () => () => void): () => void {
    this.#alongside.add(write);
    return () => void this.#alongside.delete(write);
  }

  withdraw(itemIds: readonly ItemId[]): void {
    for (const id of itemIds) this.#waiting.delete(id);
  }

  drop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting.clear();
    this.#growing.clear();
    this.#waitingLength = 0;
  }

  #remember(item: TranscriptItem): void {
    if (canGrow(item)) this.#growing.set(item.id, item);
    else this.#growing.delete(item.id);
  }

  #schedule(afterMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#flushOrRetry();
    }, afterMs);
  }

  // Nothing is lost while the store refuses: what waits is kept, and joined, until it takes it.
  #flushOrRetry(): void {
    try {
      this.flush();
    } catch {
      this.#dropIfGone();
    }
  }

  // What is said of a session that was deleted has no place any more.
  #dropIfGone(): void {
    const { store, sessionId } = this.#options;
    try {
      if (!store.hasSession(sessionId)) this.drop();
    } catch {
      // Nor can it be read: the next try asks again.
    }
  }
}

function toEvent(waiting: Waiting, seq: number, first: number): SessionEvent {
  const { item } = waiting;
  if (waiting.kind === 'item') return first === seq ? { seq, item } : { seq, item, first };
  const { field, at } = waiting;
  return { seq, append: { itemId: item.id, field, at, text: textOf(item, field).slice(at) } };
}

function canGrow(item: TranscriptItem): boolean {
  if (item.kind === 'tool_call') return item.endedAt === null;
  return (item.kind === 'text' || item.kind === 'reasoning') && !item.done;
}

function lengthOf(item: TranscriptItem, field: GrowingField): number {
  return textOf(item, field).length;
}

function textOf(item: TranscriptItem, field: GrowingField): string {
  if (field === 'output') return item.kind === 'tool_call' ? item.output : '';
  return item.kind === 'text' || item.kind === 'reasoning' ? item.text : '';
}
