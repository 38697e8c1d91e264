import { describe, expect, it } from 'vitest';
import { type KeyValueStore, MESSAGE_LIMIT, readDraft, takeQueuedDraft, writeDraft } from './draft.ts';

function memory(): KeyValueStore & { size(): number } {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    size: () => map.size,
  };
}

const broken: KeyValueStore = {
  getItem: () => {
    throw new Error('denied');
  },
  setItem: () => {
    throw new Error('full');
  },
  removeItem: () => {
    throw new Error('denied');
  },
};

describe('drafts', () => {
  it('keeps one per session', () => {
    const store = memory();
    writeDraft(store, 'a', 'one');
    writeDraft(store, 'b', 'two');
    expect(readDraft(store, 'a')).toBe('one');
    expect(readDraft(store, 'b')).toBe('two');
  });

  it('leaves nothing behind for an empty draft', () => {
    const store = memory();
    writeDraft(store, 'a', 'one');
    writeDraft(store, 'a', '');
    expect(store.size()).toBe(0);
  });

  it('cuts a draft at what one message may hold', () => {
    const store = memory();
    writeDraft(store, 'a', 'x'.repeat(MESSAGE_LIMIT + 5));
    expect(readDraft(store, 'a')).toHaveLength(MESSAGE_LIMIT);
  });

  it('lives without storage', () => {
    expect(() => writeDraft(broken, 'a', 'x')).not.toThrow();
    expect(readDraft(broken, 'a')).toBe('');
  });
});

describe('takeQueuedDraft', () => {
  it('puts what an older page had queued before the draft, once', () => {
    const store = memory();
    store.setItem(
      'farhand.queued.a',
      JSON.stringify({ text: 'run the tests', state: 'waiting', model: null }),
    );
    writeDraft(store, 'a', 'and push');
    expect(takeQueuedDraft(store, 'a')).toBe('run the tests\n\nand push');
    expect(readDraft(store, 'a')).toBe('run the tests\n\nand push');
    expect(takeQueuedDraft(store, 'a')).toBe('run the tests\n\nand push');
  });

  it('leaves the draft where nothing readable is queued', () => {
    const store = memory();
    store.setItem('farhand.queued.a', '{');
    writeDraft(store, 'a', 'push');
    expect(takeQueuedDraft(store, 'a')).toBe('push');
    expect(takeQueuedDraft(broken, 'a')).toBe('');
  });
});
