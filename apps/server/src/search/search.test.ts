import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import { createRandom } from '@farhand/shared/testing/random';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { sessions as sessionRows, terminals as terminalRows } from '../store/schema.ts';
import { openTestDatabase, type TestDatabase } from '../store/testing/test-database.ts';
import { createTranscripts, type Transcripts } from '../transcripts/transcripts.ts';
import { matchExpression } from './match-expression.ts';
import { createSearch, type Search } from './search.ts';

const now = '2026-01-01T00:00:00.000Z';
const turnId = newId('turn');

let store: TestDatabase;
let db: Database;
let workspaceId: WorkspaceId;
let transcripts: Transcripts;
let search: Search;
let sessionId: SessionId;

beforeEach(() => {
  store = openTestDatabase();
  ({ db, workspaceId } = store);
  open();
  sessionId = store.addSession();
});

afterEach(() => {
  search.close();
  store.close();
});

function open(): void {
  transcripts = createTranscripts({ db, onSeq: (id) => search.sessionChanged(id) });
  search = createSearch({ db, transcripts });
  search.resumeAll();
}

function say(text: string, of: SessionId = sessionId): TranscriptItem {
  const item: TranscriptItem = { id: newId('item'), turnId, at: now, kind: 'user_message', text };
  transcripts.writer(of).put(item);
  transcripts.writer(of).flush();
  return item;
}

const found = (text: string) => search.query(text, 30).map(({ snippet }) => snippet);

describe('a search', () => {
  it('finds what was said, by all its words and the beginning of the last', async () => {
    const { id } = say('The quick brown fox jumps over the lazy dog');
    await expect
      .poll(() => search.query('brown qui', 30))
      .toEqual([
        {
          kind: 'transcript',
          workspaceId,
          sessionId,
          itemId: id,
          at: now,
          snippet: 'The \uE000quick\uE001 \uE000brown\uE001 fox jumps over the lazy dog',
        },
      ]);
    expect(found('brown cat')).toEqual([]);
    expect(found('  -- ')).toEqual([]);
  });

  it('finds a text that grows when it has come to its end, and then only as it is', async () => {
    const item = { id: newId('item'), turnId, at: now, kind: 'text' as const, text: 'half', done: false };
    const writer = transcripts.writer(sessionId);
    writer.put(item);
    writer.append(item.id, 'text', ' done');
    writer.flush();
    say('marker');
    await expect.poll(() => found('marker')).toHaveLength(1);
    expect(found('half')).toEqual([]);
    writer.put({ ...item, text: 'wholly done', done: true });
    writer.flush();
    await expect.poll(() => found('wholly')).toHaveLength(1);
    writer.put({ id: item.id, turnId, at: now, kind: 'discarded' });
    writer.flush();
    await expect.poll(() => found('wholly')).toEqual([]);
  });

  it('reads after a restart what was not read before, more than one batch of it', async () => {
    search.close();
    for (let count = 0; count < 250; count += 1) say(`needle${count}`);
    db.update(sessionRows).set({ lastSeq: 250 }).where(eq(sessionRows.id, sessionId)).run();
    open();
    await expect.poll(() => found('needle249')).toHaveLength(1);
    expect(found('needle0')).toHaveLength(1);
  });

  it('forgets a session that is deleted', async () => {
    say('ephemeral');
    await expect.poll(() => found('ephemeral')).toHaveLength(1);
    db.delete(sessionRows).where(eq(sessionRows.id, sessionId)).run();
    expect(found('ephemeral')).toEqual([]);
  });

  it('finds what a terminal printed, once, also when it is replayed after a restart', async () => {
    const terminalId = newId('terminal');
    const row = { workspaceId, jobId: newId('job'), title: 't', rows: 24, cols: 80, createdAt: now };
    db.insert(terminalRows)
      .values({ ...row, id: terminalId })
      .run();
    const bytes = new TextEncoder().encode('\x1b[31mred\x1b[0m herring naïve\r\n');
    search.terminalOutput(terminalId, 0, bytes.subarray(0, 7));
    search.terminalOutput(terminalId, 7, bytes.subarray(7));
    search.close();
    open();
    search.terminalOutput(terminalId, 0, bytes);
    search.close();
    expect(search.query('naive herr', 30)).toEqual([
      expect.objectContaining({
        kind: 'terminal',
        terminalId,
        snippet: 'red \uE000herring\uE001 \uE000naïve\uE001',
      }),
    ]);
    db.delete(terminalRows).where(eq(terminalRows.id, terminalId)).run();
    expect(found('herring')).toEqual([]);
  });

  it('outlives a store that refuses', async () => {
    const terminalId = newId('terminal');
    search.terminalOutput(terminalId, 0, new TextEncoder().encode('of no terminal'));
    search.close();
    expect(found('terminal')).toEqual([]);
  });

  it('keeps a bounded part of a terminal that prints without end', () => {
    const terminalId = newId('terminal');
    const row = { workspaceId, jobId: newId('job'), title: 't', rows: 24, cols: 80, createdAt: now };
    db.insert(terminalRows)
      .values({ ...row, id: terminalId })
      .run();
    const line = new TextEncoder().encode('flood '.repeat(700));
    for (let count = 0; count < 5000; count += 1)
      search.terminalOutput(terminalId, count * line.byteLength, line);
    search.close();
    const [size] = db.all<{ texts: number; length: number }>(
      'SELECT count(*) AS texts, sum(length(text)) AS length FROM search_text',
    );
    expect(size).toEqual({ texts: 1, length: 16 * 1024 });
  });

  it('takes nothing that is typed for more than words', () => {
    say('NEAR the end');
    const random = createRandom(7);
    const parts = [
      '"',
      '*',
      'NEAR(',
      'AND',
      'OR',
      '^',
      ':',
      '-',
      '(',
      ')',
      'text:',
      '\0',
      "'",
      ';',
      'é',
      'a',
    ];
    for (let count = 0; count < 500; count += 1) {
      const typed = Array.from({ length: 6 }, () => parts[random.below(parts.length)]).join(
        random.next() < 0.5 ? ' ' : '',
      );
      expect(() => search.query(typed, 5), `${typed} ${matchExpression(typed)}`).not.toThrow();
    }
  });
});
