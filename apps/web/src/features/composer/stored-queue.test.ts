import { newId } from '@farhand/shared/model/ids';
import { describe, expect, it } from 'vitest';
import { queuedSession, queuedSessions, readQueued, type StoredQueue, writeQueued } from './stored-queue.ts';

function memory() {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
    key: (index: number) => [...values.keys()][index] ?? null,
    get length() {
      return values.size;
    },
  };
}

const MESSAGE: StoredQueue = { queue: { text: 'then run the tests', state: 'waiting' }, model: 'a/b' };

describe('a stored queued message', () => {
  it('is read as it was written, and is gone when it is forgotten', () => {
    const store = memory();
    const id = newId('session');
    expect(writeQueued(store, id, MESSAGE)).toBe(true);
    expect(readQueued(store, id)).toEqual(MESSAGE);
    expect(queuedSessions(store)).toEqual([id]);
    writeQueued(store, id, null);
    expect(readQueued(store, id)).toBeNull();
    expect(queuedSessions(store)).toEqual([]);
  });

  it.each(['', '{', '7', '{"text":1,"state":"waiting"}', '{"text":"hi","state":"lost"}'])(
    'is none where storage holds %j',
    (text) => {
      const store = memory();
      const id = newId('session');
      store.setItem(`farhand.queued.${id}`, text);
      expect(readQueued(store, id)).toBeNull();
    },
  );

  it('is told from other keys by its name', () => {
    const id = newId('session');
    expect(queuedSession(`farhand.queued.${id}`)).toBe(id);
    expect(queuedSession('farhand.queued.x')).toBeNull();
    expect(queuedSession(`farhand.draft.${id}`)).toBeNull();
    expect(queuedSession(null)).toBeNull();
  });

  it('says when storage refuses', () => {
    const full = {
      ...memory(),
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(writeQueued(full, newId('session'), MESSAGE)).toBe(false);
  });
});
