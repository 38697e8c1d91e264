import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { parse, TomlError } from 'smol-toml';
import { setTable, setTopKey, type TomlPath, type TomlTable, type TomlValue } from './toml-edit.ts';

/** A TOML file that a person edits, and that pages and the CLI edit too: each sees what the other wrote. */
export interface ConfigFile {
  readonly path: string;
  /** As the file says now; as it last said while it is no TOML; empty where there is none. */
  read(): Readonly<Record<string, unknown>>;
  /** Why the file cannot be read, with line and column; null where it can. */
  problem(): string | null;
  /** As written now; empty where there is no file. */
  text(): string;
  /** Sets or (null) removes one table, and leaves the rest as it stands. Throws `config.unreadable`, `config.unwritable`. */
  setTable(path: TomlPath, table: TomlTable | null): void;
  /** Sets or (null) removes one key above all tables, and leaves the rest as it stands. Throws as `setTable`. */
  setKey(key: string, value: TomlValue | null): void;
  /** The whole text. Throws `config.unreadable` for what is no TOML, `config.unwritable`. */
  replace(text: string): void;
  /** Calls back soon after each change, whoever made it, until the returned function is called. */
  watch(listener: () => void): () => void;
  close(): void;
}

/** Editors write in several steps. */
const SETTLE_MS = 50;
const LARGEST_BYTES = 4 * 1024 * 1024;

interface Kept {
  /** Of the file when it was read: it is read again when it differs. */
  readonly stamp: string;
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly problem: string | null;
}

const NOTHING: Kept = { stamp: '', text: '', values: {}, problem: null };

export function openConfigFile(path: string): ConfigFile {
  const listeners = new Set<() => void>();
  let kept = NOTHING;
  let told = NOTHING;
  let settling: NodeJS.Timeout | undefined;

  const current = (): Kept => {
    const stamp = stampOf(path);
    if (stamp !== kept.stamp) kept = readFile(path, stamp, kept);
    return kept;
  };
  const tell = () => {
    // Whoever read meanwhile has taken a change in, and nobody was told of it.
    if (current() === told) return;
    told = kept;
    for (const listener of listeners) listener();
  };
  const edit = (change: (text: string) => string) => {
    const { text, problem } = current();
    if (problem !== null) throw new FarhandError('config.unreadable', { message: problem });
    write(change(text));
  };
  const write = (text: string) => {
    valuesOf(path, text);
    writeWhole(path, text);
    tell();
  };
  // The folder, for a file that is replaced has no watcher any more.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(settling);
    settling = setTimeout(tell, SETTLE_MS).unref();
  });
  watcher.on('error', () => {});
  told = current();
  return {
    path,
    read: () => current().values,
    problem: () => current().problem,
    text: () => current().text,
    setTable: (place, table) => edit((text) => setTable(text, place, table)),
    setKey: (key, value) => edit((text) => setTopKey(text, key, value)),
    replace: write,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearTimeout(settling);
      watcher.close();
    },
  };
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return '';
  }
}

function readFile(path: string, stamp: string, before: Kept): Kept {
  if (stamp === '') return NOTHING;
  try {
    if (statSync(path).size > LARGEST_BYTES) throw new Error('it is too large.');
    const text = readFileSync(path, 'utf8');
    try {
      return { stamp, text, values: valuesOf(path, text), problem: null };
    } catch (thrown) {
      return { ...before, stamp, text, problem: FarhandError.from(thrown).message };
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : 'it cannot be read.';
    return { ...before, stamp, problem: `${path}: ${reason}` };
  }
}

function valuesOf(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // The first line is the reason; the rest quotes the file.
    const reason = cause.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? '';
    const message = `${path}, line ${cause.line}, column ${cause.column}: ${reason}.`;
    throw new FarhandError('config.unreadable', { message, cause });
  }
}

// At once, so that nobody reads half of it; through a link, as people keep such files elsewhere.
function writeWhole(path: string, text: string): void {
  try {
    const target = realpathOf(path);
    const fresh = `${target}.${process.pid}.new`;
    writeFileSync(fresh, text, { mode: 0o600 });
    renameSync(fresh, target);
  } catch (cause) {
    const message = `${path} cannot be written: ${cause instanceof Error ? cause.message : 'no reason is known'}.`;
    throw new FarhandError('config.unwritable', { message, cause });
  }
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
