import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { DirectoryEntry, Files, Runtime } from '@farhand/shared/runtime/port';
import { wrapRuntime } from '../runtimes/wrapped-runtime.ts';

/** Looks at what would be there. */
export interface Overlay {
  /** Files that would be written, by their real paths, as of now. */
  files(): ReadonlyMap<string, Uint8Array>;
  /** In the place of writing. `before` is what was there, or would be; null for nothing. */
  write(real: string, content: Uint8Array, before: Uint8Array | null): void;
}

/** The runtime, but its files read as they would be, and writing them is only told. Commands see the host's own files. */
export function withOverlay(runtime: Runtime, overlay: Overlay): Runtime {
  const { files: own } = runtime;
  const read: Files['read'] = async (path, options = {}) => {
    const content = overlay.files().get(path);
    if (!content) return own.read(path, options);
    const { offset = 0, limit = content.byteLength } = options;
    return content.subarray(offset, offset + limit);
  };
  const statOf = (content: Uint8Array) => ({
    kind: 'file' as const,
    sizeBytes: content.byteLength,
    mode: 0o644,
    modifiedAtMs: Date.now(),
  });
  return wrapRuntime(runtime, {
    files: {
      read,
      async stat(path) {
        const content = overlay.files().get(path);
        return content ? statOf(content) : own.stat(path);
      },
      async list(path, options) {
        const added = entriesIn(path, overlay.files(), statOf);
        const there = await own.list(path, options).catch((thrown: unknown) => {
          if (added.length > 0 && FarhandError.is(thrown, 'file.not_found')) return [];
          throw thrown;
        });
        const names = new Set(added.map(({ name }) => name));
        const all = [...there.filter(({ name }) => !names.has(name)), ...added];
        return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      },
      async write(path, bytes) {
        const before = await read(path).catch((thrown: unknown) => {
          if (FarhandError.is(thrown, 'file.not_found')) return null;
          throw thrown;
        });
        overlay.write(path, bytes, before);
      },
      async remove() {
        throw new FarhandError('dry_run.refused');
      },
    },
  });
}

function entriesIn(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  statOf: (content: Uint8Array) => Omit<DirectoryEntry, 'name'>,
): DirectoryEntry[] {
  const found = new Map<string, DirectoryEntry>();
  for (const [path, content] of files) {
    const inside = posix.relative(folder, path);
    if (inside === '' || inside.startsWith('..')) continue;
    const [name = '', ...rest] = inside.split('/');
    found.set(
      name,
      rest.length === 0 ? { name, ...statOf(content) } : { name, ...statOf(content), kind: 'directory' },
    );
  }
  return [...found.values()];
}
