import { type FSWatcher, watch } from 'node:fs';
import type { HostId } from '@farhand/shared/model/hosts';
import { readAliases } from './ssh-aliases.ts';

/** The aliases of the ssh config as it is now. */
export interface WatchedAliases {
  /** As they were read last; empty before the first reading. */
  now(): ReadonlySet<HostId>;
  /** Reads anew. */
  read(): Promise<ReadonlySet<HostId>>;
  /** Calls back when aliases came or went, until the returned function is called. */
  watch(listener: (change: { came: readonly HostId[]; went: readonly HostId[] }) => void): () => void;
  close(): void;
}

/** Editors write in several steps. */
const SETTLE_MS = 100;
/** Each costs a descriptor. */
const MAX_FOLDERS = 50;

/** Follows the file and all that it includes. */
export function watchAliases(configPath: string): WatchedAliases {
  const listeners = new Set<(change: { came: HostId[]; went: HostId[] }) => void>();
  const watchers = new Map<string, FSWatcher>();
  let aliases: ReadonlySet<HostId> = new Set();
  let settling: NodeJS.Timeout | undefined;
  let isClosed = false;

  const read = async () => {
    const found = await readAliases(configPath);
    if (isClosed) return aliases;
    follow(found.folders);
    const before = aliases;
    aliases = new Set(found.aliases);
    const came = found.aliases.filter((id) => !before.has(id));
    const went = [...before].filter((id) => !aliases.has(id));
    if (came.length + went.length > 0) for (const listener of listeners) listener({ came, went });
    return aliases;
  };
  const follow = (folders: readonly string[]) => {
    for (const [folder, watcher] of watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders.slice(0, MAX_FOLDERS)) {
      if (watchers.has(folder)) continue;
      const watcher = watchFolder(folder, () => {
        clearTimeout(settling);
        settling = setTimeout(() => void read(), SETTLE_MS).unref();
      });
      if (watcher) watchers.set(folder, watcher);
    }
  };
  return {
    now: () => aliases,
    read,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      clearTimeout(settling);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

// A folder that is not there, or that may not be watched, is read with the next list.
function watchFolder(folder: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => {});
    return watcher;
  } catch {
    return null;
  }
}
