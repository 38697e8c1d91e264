type Texts = Readonly<Record<string, string>>;
type Cache = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface SyncOptions {
  /** This browser's own copy; may throw where storage is switched off. */
  storage(): Cache;
  list(): Promise<Texts>;
  send(name: string, value: string | null): Promise<void>;
  /** How long changes are gathered before they are sent, in ms. */
  readonly sendAfterMs?: number;
}

/** Preferences of a person: read from this browser at once, kept by the server for all browsers. */
export interface PreferenceSync {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
  /** Takes over what the server has, but for what was changed here and not sent yet: that is sent. */
  load(): Promise<void>;
  /** Sends at once what still waits. */
  flush(): void;
  /** Calls `listener` when the preference has another value; until the returned function is called. */
  watch(name: string, listener: () => void): () => void;
  names(): readonly string[];
}

// A border that is dragged changes a layout with every frame.
const SEND_AFTER_MS = 800;
/** What the server takes, less a little: see `preference.set`. */
const LONGEST = 250 * 1024;
const UNSENT = 'farhand.unsent-preferences';
const key = (name: string) => `farhand.${name}`;

export function createPreferenceSync(options: SyncOptions): PreferenceSync {
  const { list, send, sendAfterMs = SEND_AFTER_MS } = options;
  const cache = cacheOf(options.storage);
  const values = new Map<string, string | null>();
  const listeners = new Map<string, Set<() => void>>();
  const known = new Set<string>();
  const unsent = new Set(readNames(cache.get(UNSENT)));
  let timer: ReturnType<typeof setTimeout> | undefined;

  const get = (name: string) => {
    if (!values.has(name)) values.set(name, cache.get(key(name)));
    return values.get(name) ?? null;
  };
  const put = (name: string, value: string | null) => {
    if (get(name) === value) return false;
    values.set(name, value);
    cache.set(key(name), value);
    for (const listener of listeners.get(name) ?? []) listener();
    return true;
  };
  const keepUnsent = () => cache.set(UNSENT, unsent.size === 0 ? null : JSON.stringify([...unsent]));
  const sendOne = async (name: string) => {
    const value = get(name);
    try {
      await send(name, value);
      // It may have changed on the way.
      if (get(name) === value) unsent.delete(name);
    } catch (thrown) {
      // What the server refuses stays in this browser; what did not reach it goes with the next connection.
      if (isRefusal(thrown)) unsent.delete(name);
    }
    keepUnsent();
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const name of unsent) void sendOne(name);
  };

  return {
    get,
    set(name, value) {
      if (!put(name, value) || (value !== null && value.length > LONGEST)) return;
      unsent.add(name);
      keepUnsent();
      clearTimeout(timer);
      timer = setTimeout(flush, sendAfterMs);
    },
    async load() {
      const texts = await list();
      known.clear();
      for (const [name, text] of Object.entries(texts)) {
        known.add(name);
        if (!unsent.has(name)) put(name, text);
      }
      flush();
    },
    flush,
    watch(name, listener) {
      const own = listeners.get(name) ?? new Set();
      listeners.set(name, own.add(listener));
      return () => own.delete(listener);
    },
    names: () => [...known],
  };
}

const isRefusal = (thrown: unknown) =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'request.invalid';

function readNames(text: string | null): readonly string[] {
  try {
    const names: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

function cacheOf(storage: () => Cache) {
  return {
    get(name: string): string | null {
      try {
        return storage().getItem(name);
      } catch {
        return null;
      }
    },
    set(name: string, value: string | null): void {
      try {
        if (value === null) storage().removeItem(name);
        else storage().setItem(name, value);
      } catch {
        // Storage is full or denied; the server has it.
      }
    },
  };
}
