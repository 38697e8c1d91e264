import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { call } from './call.ts';
import { connectionStore } from './connection-store.ts';
import { createPreferenceSync, type PreferenceSync } from './preference-sync.ts';

const sync: PreferenceSync = createPreferenceSync({
  storage: () => globalThis.localStorage,
  list: async () => (await call('preference.list', {})).values,
  send: (name, value) => call('preference.set', { name, value }).then(() => undefined),
});

interface Loaded {
  /** True once the server was asked, whether or not it answered. */
  readonly isLoaded: boolean;
}

const loaded = createStore<Loaded>(() => ({ isLoaded: false }));

// A server that does not answer costs a moment, never the page: what this browser knows is shown then.
const WAIT_MS = 1500;

/** Asks the server for the person's preferences, and again with each connection; once, when the page starts. */
export function startPreferences(): void {
  const done = () => loaded.setState({ isLoaded: true });
  const load = () => void sync.load().then(done, done);
  setTimeout(done, WAIT_MS);
  load();
  connectionStore.subscribe(({ connection }, before) => {
    if (connection.state === 'connected' && before.connection.state === 'retrying') load();
  });
  // Another browser may have changed them meanwhile.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') load();
    else sync.flush();
  });
  window.addEventListener('pagehide', () => sync.flush());
}

/** True once the page knows the preferences as well as it ever will. */
export const usePreferencesLoaded = (): boolean => useStore(loaded, (state) => state.isLoaded);

/** The text of a preference as this browser knows it; null where it was never set. */
export const readPreference = (name: string): string | null => sync.get(name);

/** Sets a preference here at once and on the server soon; null forgets it. The last who writes wins. */
export const writePreference = (name: string, value: string | null): void => sync.set(name, value);

/** Names of the preferences that this browser knows from the server. */
export const preferenceNames = (): readonly string[] => sync.names();

/** A preference that is read and written as a value. */
export interface Preference<Value> {
  get(): Value;
  set(value: Value): void;
  use(): Value;
  /** Calls `listener` when it has another value. */
  watch(listener: () => void): () => void;
}

/** The preference of this name; `read` turns whatever is stored into a good value. */
export function createPreference<Value>(name: string, read: (stored: unknown) => Value): Preference<Value> {
  const parse = () => {
    try {
      return read(JSON.parse(sync.get(name) ?? 'null'));
    } catch {
      return read(null);
    }
  };
  // The page is also rendered where there is no browser.
  const store = createStore<{ readonly value: Value }>(() => ({ value: parse() }));
  sync.watch(name, () => store.setState({ value: parse() }));
  return {
    get: () => store.getState().value,
    set: (value) => sync.set(name, JSON.stringify(value)),
    watch: (listener) => store.subscribe(listener),
    use: () => useStore(store, (state) => state.value),
  };
}
