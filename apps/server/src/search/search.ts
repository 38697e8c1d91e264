/** Words in transcripts and terminals of all hosts, found by SQLite's FTS5. */
import type { SessionId, TerminalId } from '@farhand/shared/model/ids';
import type { SearchHit } from '@farhand/shared/model/search';
import type { Log } from '../logging/log.ts';
import type { Database } from '../store/database.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import { itemText } from './item-text.ts';
import { matchExpression } from './match-expression.ts';
import { createSearchStore } from './search-store.ts';
import { TerminalTexts } from './terminal-texts.ts';

export interface Search {
  /** Best first. Every word has to be there; the last may be the beginning of one. */
  query(text: string, limit: number): SearchHit[];
  /** To be called when a session's transcript has changed. */
  sessionChanged(id: SessionId): void;
  /** To be called with a terminal's output, in order and with secrets covered. */
  terminalOutput(id: TerminalId, offset: number, bytes: Uint8Array): void;
  terminalGone(id: TerminalId): void;
  /** At the server's start: reads what was not read before the last one ended. */
  resumeAll(): void;
  close(): void;
}

interface SearchDeps {
  readonly db: Database;
  readonly transcripts: Pick<Transcripts, 'read'>;
  readonly log?: Pick<Log, 'warn'>;
}

/** A text can be found this long after it came to its end. */
const READ_AFTER_MS = 1000;
/** Changes read in one go; others are served in between. */
const BATCH = 100;

export function createSearch({ db, transcripts, log }: SearchDeps): Search {
  const store = createSearchStore(db);
  const terminals = new TerminalTexts(store);
  const changed = new Set<SessionId>();
  let timer: NodeJS.Timeout | undefined;
  const schedule = (afterMs: number) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      readNext();
    }, afterMs).unref();
  };
  // One batch of one session; what grows yet comes again under a newer number when it has come to its end.
  const readBatch = (id: SessionId): boolean => {
    const events = transcripts.read(id, store.progress(id), BATCH);
    const last = events.at(-1);
    if (!last) return false;
    store.transaction(() => {
      for (const event of events) {
        const text = 'item' in event ? itemText(event.item) : null;
        if (!('item' in event) || text === null) continue;
        store.putItem({ sessionId: id, itemId: event.item.id, at: event.item.at }, text);
      }
      store.setProgress(id, last.seq);
    });
    return events.length === BATCH;
  };
  const readNext = () => {
    const [id] = changed;
    if (id === undefined) return;
    try {
      if (!readBatch(id)) changed.delete(id);
    } catch (error) {
      // The session went in between, or the store refuses: the next start reads it.
      changed.delete(id);
      log?.warn('search.not_read', { sessionId: id, error });
    }
    if (changed.size > 0) schedule(0);
  };
  return {
    query(text, limit) {
      const match = matchExpression(text);
      return match === null ? [] : store.find(match, limit);
    },
    sessionChanged(id) {
      changed.add(id);
      schedule(READ_AFTER_MS);
    },
    terminalOutput: (id, offset, bytes) => terminals.take(id, offset, bytes),
    terminalGone: (id) => terminals.forget(id),
    resumeAll() {
      for (const id of store.behind()) changed.add(id);
      schedule(READ_AFTER_MS);
    },
    close() {
      clearTimeout(timer);
      terminals.close();
    },
  };
}
