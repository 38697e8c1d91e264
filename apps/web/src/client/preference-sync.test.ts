import { describe, expect, it, vi } from 'vitest';
import { createPreferenceSync } from './preference-sync.ts';

function browser(server: Map<string, string>, stored = new Map<string, string>()) {
  const sent: [string, string | null][] = [];
  let refusal: unknown = null;
  const sync = createPreferenceSync({
    storage: () => ({
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
      removeItem: (name) => void stored.delete(name),
    }),
    list: async () => Object.fromEntries(server),
    send: async (name, value) => {
      if (refusal) throw refusal;
      sent.push([name, value]);
      if (value === null) server.delete(name);
      else server.set(name, value);
    },
    sendAfterMs: 0,
  });
  return { sync, stored, sent, refuse: (thrown: unknown) => (refusal = thrown) };
}

describe('createPreferenceSync', () => {
  it('shows what was set in another browser, and tells who watches', async () => {
    const server = new Map([['boards', '[1]']]);
    const { sync, stored } = browser(server, new Map([['farhand.boards', '[0]']]));
    const told = vi.fn();
    sync.watch('boards', told);
    expect(sync.get('boards')).toBe('[0]');
    await sync.load();
    expect(sync.get('boards')).toBe('[1]');
    expect(stored.get('farhand.boards')).toBe('[1]');
    expect(told).toHaveBeenCalledOnce();
  });

  it('sends the newest of many changes', async () => {
    const server = new Map<string, string>();
    const { sync, sent } = browser(server);
    for (const value of ['1', '2', '3']) sync.set('layout.a', value);
    await vi.waitFor(() => expect(sent).toEqual([['layout.a', '3']]));
  });

  it('keeps a change that the server did not get over a reload, and sends it', async () => {
    const server = new Map([['boards', '"old"']]);
    const first = browser(server);
    first.refuse(new Error('no answer'));
    first.sync.set('boards', '"new"');
    first.sync.flush();
    await vi.waitFor(() => expect(first.stored.get('farhand.unsent-preferences')).toContain('boards'));
    const second = browser(server, first.stored);
    await second.sync.load();
    expect(second.sync.get('boards')).toBe('"new"');
    await vi.waitFor(() => expect(server.get('boards')).toBe('"new"'));
    await vi.waitFor(() => expect(first.stored.has('farhand.unsent-preferences')).toBe(false));
  });

  it('keeps what the server refuses in this browser, and does not ask again', async () => {
    const server = new Map<string, string>();
    const { sync, stored, refuse } = browser(server);
    refuse({ code: 'request.invalid' });
    sync.set('boards', '[]');
    sync.flush();
    await vi.waitFor(() => expect(stored.has('farhand.unsent-preferences')).toBe(false));
    expect(sync.get('boards')).toBe('[]');
  });

  it('does not send what is too long for the server', async () => {
    const server = new Map<string, string>();
    const { sync, stored } = browser(server);
    sync.set('layout.a', JSON.stringify('x'.repeat(256 * 1024)));
    expect(stored.has('farhand.unsent-preferences')).toBe(false);
    expect(stored.has('farhand.layout.a')).toBe(true);
  });
});
