import { createStore, type StoreApi } from 'zustand/vanilla';

/**
 * A store kept in this browser under `farhand.<key>`, shared between tabs. `read` turns whatever was stored into a
 * good value: it may come from an older version or another hand. Without storage it lives as long as the page.
 */
export function createStoredStore<Value>(key: string, read: (stored: unknown) => Value): StoreApi<Value> {
  const name = `farhand.${key}`;
  const store = createStore<Value>(() => read(load(name)));
  if (typeof window === 'undefined') return store;
  store.subscribe((value) => save(name, value));
  window.addEventListener('storage', (event) => {
    if (event.key === name) store.setState(read(load(name)), true);
  });
  return store;
}

function load(name: string): unknown {
  try {
    return JSON.parse(globalThis.localStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}

function save(name: string, value: unknown): void {
  try {
    const text = JSON.stringify(value);
    if (globalThis.localStorage.getItem(name) !== text) globalThis.localStorage.setItem(name, text);
  } catch {
    // A full or forbidden storage costs the memory of this setting, nothing else.
  }
}

/** The members of a stored object; empty for anything else. */
export const storedObject = (stored: unknown): Readonly<Record<string, unknown>> =>
  typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? { ...stored } : {};
