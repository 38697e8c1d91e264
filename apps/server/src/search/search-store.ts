import type { ItemId, SessionId, TerminalId } from '@farhand/shared/model/ids';
import { type SearchHit, searchHit } from '@farhand/shared/model/search';
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { searchProgress, searchRows, sessions, terminals } from '../store/schema.ts';

/** The texts that can be found, and how far each session was read. */
export interface SearchStore {
  /** The newest number of a session that was read; 0 where none was. */
  progress(id: SessionId): number;
  setProgress(id: SessionId, seq: number): void;
  /** Sessions with changes that were not read yet. */
  behind(): SessionId[];
  /** Takes the place of what was found of the item before; nothing is found of an empty text. */
  putItem(place: { sessionId: SessionId; itemId: ItemId; at: string }, text: string): void;
  /** Where the newest text of a terminal ends; 0 where there is none. */
  terminalEnd(id: TerminalId): number;
  putTerminal(place: { terminalId: TerminalId; endOffset: number; at: string }, text: string): void;
  /** Forgets all but the newest texts of a terminal. */
  keepNewest(id: TerminalId, count: number): void;
  /** Best first; `match` is an FTS5 expression. */
  find(match: string, limit: number): SearchHit[];
  transaction(work: () => void): void;
}

/** Words around a match. */
const SNIPPET_TOKENS = 20;

interface FoundRow {
  readonly session_id: string | null;
  readonly item_id: string | null;
  readonly terminal_id: string | null;
  readonly workspace_id: string;
  readonly at: string;
  readonly snippet: string;
}

export function createSearchStore(db: Database): SearchStore {
  const write = (rowid: number, text: string) =>
    db.run(sql`INSERT INTO search_text (rowid, text) VALUES (${rowid}, ${text})`);
  return {
    progress: (id) =>
      db
        .select({ seq: searchProgress.seq })
        .from(searchProgress)
        .where(eq(searchProgress.sessionId, id))
        .get()?.seq ?? 0,
    setProgress(id, seq) {
      db.insert(searchProgress)
        .values({ sessionId: id, seq })
        .onConflictDoUpdate({ target: searchProgress.sessionId, set: { seq } })
        .run();
    },
    behind: () =>
      db
        .select({ id: sessions.id })
        .from(sessions)
        .leftJoin(searchProgress, eq(searchProgress.sessionId, sessions.id))
        .where(or(isNull(searchProgress.seq), lt(searchProgress.seq, sessions.lastSeq)))
        .all()
        .map(({ id }) => id as SessionId),
    putItem({ sessionId, itemId, at }, text) {
      db.delete(searchRows)
        .where(and(eq(searchRows.sessionId, sessionId), eq(searchRows.itemId, itemId)))
        .run();
      if (text.trim() === '') return;
      const { id } = db
        .insert(searchRows)
        .values({ sessionId, itemId, at })
        .returning({ id: searchRows.id })
        .get();
      write(id, text);
    },
    terminalEnd: (id) =>
      db
        .select({ end: sql<number | null>`max(${searchRows.endOffset})` })
        .from(searchRows)
        .where(eq(searchRows.terminalId, id))
        .get()?.end ?? 0,
    putTerminal(place, text) {
      const [row] = db
        .insert(searchRows)
        .values(place)
        .onConflictDoNothing()
        .returning({ id: searchRows.id })
        .all();
      if (row) write(row.id, text);
    },
    keepNewest(id, count) {
      db.run(sql`DELETE FROM ${searchRows} WHERE terminal_id = ${id} AND id NOT IN
        (SELECT id FROM ${searchRows} WHERE terminal_id = ${id} ORDER BY id DESC LIMIT ${count})`);
    },
    find: (match, limit) =>
      db
        .all<FoundRow>(
          sql`SELECT r.session_id, r.item_id, r.terminal_id, r.at,
                coalesce(s.workspace_id, t.workspace_id) AS workspace_id,
                snippet(search_text, 0, char(57344), char(57345), '…', ${SNIPPET_TOKENS}) AS snippet
              FROM search_text
              JOIN ${searchRows} r ON r.id = search_text.rowid
              LEFT JOIN ${sessions} s ON s.id = r.session_id
              LEFT JOIN ${terminals} t ON t.id = r.terminal_id
              WHERE search_text MATCH ${match}
              ORDER BY bm25(search_text), r.at DESC LIMIT ${limit}`,
        )
        .map(toHit),
    transaction: (work) => db.transaction(work),
  };
}

const LONGEST_SNIPPET = 200;

function toHit({ session_id, item_id, terminal_id, workspace_id, at, snippet }: FoundRow): SearchHit {
  const place = { workspaceId: workspace_id, snippet: cut(snippet.replaceAll(/\s+/g, ' ').trim()), at };
  return searchHit.parse(
    terminal_id === null
      ? { ...place, kind: 'transcript', sessionId: session_id, itemId: item_id }
      : { ...place, kind: 'terminal', terminalId: terminal_id },
  );
}

// A snippet is of so many words, but one word may be a page long: what is kept begins shortly before the match.
function cut(snippet: string): string {
  if (snippet.length <= LONGEST_SNIPPET) return snippet;
  const from = Math.max(0, snippet.indexOf('\uE000') - 40);
  const kept = snippet.slice(from, from + LONGEST_SNIPPET - 2);
  const isOpen = kept.lastIndexOf('\uE000') > kept.lastIndexOf('\uE001');
  return `${from > 0 ? '…' : ''}${kept.slice(0, isOpen ? -1 : undefined)}${isOpen ? '\uE001' : ''}`;
}
