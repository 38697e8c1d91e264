import { newId, type SessionId } from '@farhand/shared/model/ids';
import type { SessionEvent, TranscriptItem } from '@farhand/shared/model/transcripts';
import { emptyTranscript, foldEvents, type Transcript } from '@farhand/shared/protocol/fold';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../store/database.ts';
import { sessions } from '../store/schema.ts';
import { openTestDatabase, type TestDatabase } from '../store/testing/test-database.ts';
import { createTranscripts, type Transcripts } from './transcripts.ts';

const now = '2026-01-01T00:00:00.000Z';
const turnId = newId('turn');
let store: TestDatabase;
let db: Database;
let transcripts: Transcripts;
let sessionId: SessionId;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  store = openTestDatabase();
  db = store.db;
  sessionId = store.addSession();
  transcripts = createTranscripts({ db });
});

afterEach(() => {
  vi.useRealTimers();
  store.close();
});

const text = (words = ''): Extract<TranscriptItem, { kind: 'text' }> => ({
  id: newId('item'),
  turnId,
  at: now,
  kind: 'text',
  text: words,
  done: false,
});

function collect(): SessionEvent[] {
  const events: SessionEvent[] = [];
  transcripts.watch(sessionId, (stored) => events.push(...stored));
  return events;
}

describe('a transcript', () => {
  it('stores first and shows then, under rising numbers', () => {
    const item = text('a');
    const stored: number[] = [];
    transcripts.watch(sessionId, () => stored.push(transcripts.lastSeq(sessionId)));
    const events = collect();
    const writer = transcripts.writer(sessionId);
    writer.put(item);
    writer.put({ ...text(), kind: 'reasoning' });
    expect(events).toEqual([]);
    writer.flush();
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(stored).toEqual([2]);
  });

  it('joins text that streams into one event within 50 ms', () => {
    const item = text();
    const events = collect();
    const writer = transcripts.writer(sessionId);
    writer.put(item);
    writer.flush();
    for (const word of ['one ', 'two ', 'three']) writer.append(item.id, 'text', word);
    vi.advanceTimersByTime(50);
    expect(events.slice(1)).toEqual([
      { seq: 2, append: { itemId: item.id, field: 'text', at: 0, text: 'one two three' } },
    ]);
    expect(transcripts.items(sessionId)).toEqual([{ ...item, text: 'one two three' }]);
  });

  it('does not keep more than 4 KiB of text waiting', () => {
    const item = text();
    const events = collect();
    const writer = transcripts.writer(sessionId);
    writer.put(item);
    writer.append(item.id, 'text', 'x'.repeat(5000));
    expect(events).toEqual([{ seq: 1, item: { ...item, text: 'x'.repeat(5000) } }]);
  });

  it('gives a late visitor each item as it now is, and where it belongs', () => {
    const [a, b] = [text('a'), text('b')];
    const writer = transcripts.writer(sessionId);
    writer.put(a);
    writer.put(b);
    writer.flush();
    writer.append(a.id, 'text', '!');
    writer.flush();
    expect(transcripts.read(sessionId, 0, 100)).toEqual([
      { seq: 2, item: b },
      { seq: 3, item: { ...a, text: 'a!' }, first: 1 },
    ]);
    expect(transcripts.read(sessionId, 2, 100)).toEqual([{ seq: 3, item: { ...a, text: 'a!' }, first: 1 }]);
    expect(transcripts.read(sessionId, 0, 1)).toEqual([{ seq: 2, item: b }]);
    expect(transcripts.items(sessionId)).toEqual([{ ...a, text: 'a!' }, b]);
  });

  it('goes on with its numbers after a restart', () => {
    const item = text('a');
    transcripts.writer(sessionId).put(item);
    transcripts.writer(sessionId).flush();
    transcripts = createTranscripts({ db });
    const events = collect();
    transcripts.writer(sessionId).append(item.id, 'text', 'b');
    transcripts.writer(sessionId).flush();
    expect(events).toEqual([{ seq: 2, append: { itemId: item.id, field: 'text', at: 1, text: 'b' } }]);
  });

  it('stores what is put together at once, however much it is', () => {
    const events = collect();
    const writer = transcripts.writer(sessionId);
    const item = text();
    writer.together(() => {
      writer.put(item);
      writer.append(item.id, 'text', 'x'.repeat(5000));
      writer.flush();
      expect(events).toEqual([]);
      writer.put({ ...text(), kind: 'reasoning' });
    });
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('writes what goes alongside in the same transaction, and says so when it is stored', () => {
    const writer = transcripts.writer(sessionId);
    const told: string[] = [];
    let isRefused = true;
    const unfollow = writer.alongside(() => {
      db.update(sessions).set({ title: 'alongside' }).run();
      if (isRefused) throw new Error('disk full');
      return () => told.push(transcripts.read(sessionId, 0, 10).length === 1 ? 'stored' : 'early');
    });
    writer.put(text('a'));
    expect(() => writer.flush()).toThrowError('disk full');
    expect(db.select({ title: sessions.title }).from(sessions).get()?.title).not.toBe('alongside');
    expect(transcripts.read(sessionId, 0, 10)).toEqual([]);
    isRefused = false;
    writer.flush();
    expect(db.select({ title: sessions.title }).from(sessions).get()?.title).toBe('alongside');
    expect(told).toEqual(['stored']);
    unfollow();
    writer.put(text('b'));
    writer.flush();
    expect(told).toEqual(['stored']);
  });

  it('keeps what waits while the store refuses, and stores it once', () => {
    const writer = transcripts.writer(sessionId);
    const events = collect();
    const refuse = vi.spyOn(db, 'transaction').mockImplementation(() => {
      throw new Error('disk full');
    });
    const item = text('a');
    writer.put(item);
    vi.advanceTimersByTime(100);
    expect(events).toEqual([]);
    refuse.mockRestore();
    writer.append(item.id, 'text', 'b');
    vi.advanceTimersByTime(2000);
    expect(events).toEqual([{ seq: 1, item: { ...item, text: 'ab' } }]);
  });

  it('stores what a refused flush left, though nobody asks for it again', () => {
    const writer = transcripts.writer(sessionId);
    const events = collect();
    const refuse = vi.spyOn(db, 'transaction').mockImplementation(() => {
      throw new Error('disk full');
    });
    writer.put(text('a'));
    expect(() => writer.flush()).toThrowError('disk full');
    refuse.mockRestore();
    vi.advanceTimersByTime(2000);
    expect(events).toHaveLength(1);
  });

  it('stores what waits, but nothing that was taken back', () => {
    const writer = transcripts.writer(sessionId);
    const events = collect();
    const refuse = vi.spyOn(db, 'transaction').mockImplementation(() => {
      throw new Error('disk full');
    });
    const [kept, taken] = [text('a'), text('b')];
    for (const item of [kept, taken]) writer.put(item);
    expect(() => writer.flush()).toThrowError('disk full');
    transcripts.withdraw(sessionId, [taken.id]);
    refuse.mockRestore();
    vi.advanceTimersByTime(2000);
    expect(events).toEqual([{ seq: 1, item: kept }]);
  });

  it('tries no more for a session that is gone', () => {
    const writer = transcripts.writer(sessionId);
    db.delete(sessions).run();
    writer.put(text('a'));
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends the same for every client, wherever it reconnects', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      sessionId = store.addSession();
      const client = playRandomly(seed);
      expect(client.transcript.items).toEqual(transcripts.items(sessionId));
    }
  });
});

// A reproducible random number below `n`.
function randomFrom(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

class Client {
  transcript: Transcript = emptyTranscript();
  #unwatch = () => {};

  /** Reads what it lacks in pages of some size, then watches; as the socket does. */
  connect(limit: number): void {
    for (;;) {
      const events = transcripts.read(sessionId, this.transcript.lastSeq, limit);
      this.#fold(events);
      if (events.length < limit) break;
    }
    this.#unwatch = transcripts.watch(sessionId, (events) => this.#fold(events));
  }

  /** Drops out, and comes back with some cursor it had: what it folded since is unknown to it. */
  disconnect(): void {
    this.#unwatch();
  }

  #fold(events: SessionEvent[]): void {
    const folded = foldEvents(this.transcript, events);
    if (folded === 'gap') throw new Error('the client missed something');
    this.transcript = folded;
  }
}

function playRandomly(seed: number): Client {
  const random = randomFrom(seed);
  const client = new Client();
  const kept: Transcript[] = [client.transcript];
  const open: TranscriptItem[] = [];
  const writer = transcripts.writer(sessionId);
  client.connect(1 + random(3));
  for (let step = 0; step < 40; step += 1) {
    const item = open[random(open.length)];
    const action = random(6);
    if (action === 0 || !item) {
      const made = text('s');
      open.push(made);
      writer.put(made);
    } else if (action <= 2) writer.append(item.id, 'text', `${step},`);
    else if (action === 3) writer.flush();
    else if (action === 4) {
      writer.put({ ...text(`t${step}`), id: item.id, done: random(2) === 0 });
    } else {
      client.disconnect();
      kept.push(client.transcript);
      client.transcript = kept[random(kept.length)] ?? client.transcript;
      client.connect(1 + random(4));
    }
  }
  writer.flush();
  client.disconnect();
  client.connect(1 + random(4));
  client.disconnect();
  return client;
}
