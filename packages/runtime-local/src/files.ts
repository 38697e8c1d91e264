import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, readlink, realpath, rm, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { DirectoryEntry, FileKind, FileStat } from '@farhand/shared/runtime/port';
import type { HostFiles } from '@farhand/shared/runtime/shell';
import { fileError } from './errors.ts';
import { replaceFile } from './replace-file.ts';

const LARGEST_WHOLE_BYTES = 64 * 1024 * 1024;
const DEFAULT_LIST_LIMIT = 10_000;
const STATS_AT_ONCE = 64;
const MOST_LINKS = 40;

/** Files of this machine by absolute path. */
export function createLocalFiles(): HostFiles {
  return {
    read: (path, options) => at(path, () => read(path, options)),
    write: (path, bytes, { mode } = {}) =>
      at(path, async () => replaceFile(await linkTarget(path), bytes, mode)),
    writeAt: (path, offset, bytes) => at(path, () => writeAt(path, offset, bytes)),
    list: (path, { limit = DEFAULT_LIST_LIMIT } = {}) => at(path, () => list(path, limit)),
    stat: (path) => at(path, async () => toStat(await lstat(path))),
    realpath: (path) => at(path, () => realpathOfAny(path)),
    remove: (path, { recursive = false } = {}) => at(path, () => remove(path, recursive)),
  };
}

async function at<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    if (!path.startsWith('/') || path.includes('\0')) {
      throw new FarhandError('request.invalid', {
        message: 'A path on a host is absolute and holds no NUL.',
        details: { path },
      });
    }
    return await work();
  } catch (cause) {
    throw fileError(cause, path);
  }
}

async function read(
  path: string,
  { offset = 0, limit }: { offset?: number; limit?: number } = {},
): Promise<Uint8Array> {
  // Without O_NONBLOCK a fifo would hold the call until someone writes.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new FarhandError('file.is_directory', { details: { path } });
    const left = Math.max(0, stats.size - offset);
    if (limit === undefined && left > LARGEST_WHOLE_BYTES)
      throw new FarhandError('file.too_large', { details: { path, sizeBytes: stats.size } });
    // Files of /proc say 0 and hold something.
    if (stats.size === 0 && offset === 0 && stats.isFile()) return (await file.readFile()).subarray(0, limit);
    const buffer = new Uint8Array(Math.min(left, limit ?? left));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}

async function writeAt(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY);
  try {
    for (let sent = 0; sent < bytes.length; ) {
      sent += (await file.write(bytes, sent, bytes.length - sent, offset + sent)).bytesWritten;
    }
  } finally {
    await file.close();
  }
}

async function list(path: string, limit: number): Promise<DirectoryEntry[]> {
  // As bytes: a name that is no UTF-8 could not be looked up by its text.
  const names = (await readdir(path, { encoding: 'buffer' })).toSorted(Buffer.compare).slice(0, limit);
  const entries: DirectoryEntry[] = [];
  for (let i = 0; i < names.length; i += STATS_AT_ONCE) {
    const some = await Promise.all(names.slice(i, i + STATS_AT_ONCE).map((name) => entry(path, name)));
    entries.push(...some.filter((one) => one !== null));
  }
  return entries;
}

async function entry(folder: string, name: Buffer): Promise<DirectoryEntry | null> {
  try {
    const stats = await lstat(Buffer.concat([Buffer.from(`${folder}/`), name]));
    return { name: name.toString('utf8'), ...toStat(stats) };
  } catch (error) {
    // Removed since the folder was read.
    if (FarhandError.is(fileError(error, folder), 'file.not_found')) return null;
    throw error;
  }
}

function toStat(stats: Stats): FileStat {
  return {
    kind: kindOf(stats),
    sizeBytes: stats.size,
    mode: stats.mode & 0o7777,
    modifiedAtMs: stats.mtimeMs,
  };
}

function kindOf(stats: Stats): FileKind {
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isDirectory()) return 'directory';
  return stats.isFile() ? 'file' : 'other';
}

/** Where a write goes: through every symlink at the end of the path, also one to a file that is not there yet. */
async function linkTarget(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const next = await readlink(target).catch(() => null);
    if (next === null) return target;
    target = resolve(dirname(await realpathOfAny(target, true)), next);
  }
  throw new FarhandError('file.failed', { message: `${path}: too many symlinks.`, details: { path } });
}

/** The real path; parts that do not exist are kept. With `ofFolder` the last part is not resolved. */
async function realpathOfAny(path: string, ofFolder = false): Promise<string> {
  if (ofFolder) return join(await realpathOfAny(dirname(path)), basename(path));
  try {
    return await realpath(path);
  } catch (error) {
    if (!FarhandError.is(fileError(error, path), 'file.not_found') || path === '/') throw error;
    return join(await realpathOfAny(dirname(resolve(path))), basename(resolve(path)));
  }
}

async function remove(path: string, recursive: boolean): Promise<void> {
  try {
    const stats = await lstat(path);
    if (!stats.isDirectory()) await unlink(path);
    else if (recursive) await rm(path, { recursive: true, force: true });
    else await rmdir(path);
  } catch (error) {
    if (!FarhandError.is(fileError(error, path), 'file.not_found')) throw error;
  }
}
