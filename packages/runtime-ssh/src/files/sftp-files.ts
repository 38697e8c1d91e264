/** Files over sftp. */
import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { DirectoryEntry, FileKind, FileStat } from '@farhand/shared/runtime/port';
import type { HostFiles, HostShell } from '@farhand/shared/runtime/shell';
import type { Stats } from 'ssh2';
import { fileError, readSftpError } from './file-errors.ts';
import { DEFAULT_LIST_LIMIT, MAX_LINKS, MAX_READ_BYTES, NEW_FILE_MODE } from './file-limits.ts';
import type { Sftp } from './sftp.ts';
import { PIECE_BYTES, readRange, writeAll } from './sftp-transfer.ts';
import { shellFiles } from './shell-files.ts';

/** Files by one sftp session, whose refusals the shell explains. */
export function sftpFiles(sftp: Sftp, shell: HostShell): HostFiles {
  const on = async <Value>(
    path: string,
    writeBytes: number | null,
    action: Promise<Value>,
  ): Promise<Value> => {
    try {
      return await action;
    } catch (error) {
      throw await readSftpError(error, path, { shell, writeBytes });
    }
  };
  return {
    read: (path, options = {}) => on(path, null, read(sftp, path, options)),
    write: (path, bytes, options = {}) =>
      on(path, bytes.length, write(sftp, path, Buffer.from(bytes), options.mode)),
    writeAt: (path, offset, bytes) => on(path, bytes.length, writeAt(sftp, path, offset, Buffer.from(bytes))),
    list: (path, { limit = DEFAULT_LIST_LIMIT } = {}) => on(path, null, list(sftp, path, limit)),
    stat: (path) => on(path, null, sftp.lstat(path).then(toFileStat)),
    realpath: (path) => on(path, null, realpath(sftp, path)),
    remove: (path, options = {}) =>
      on(path, null, options.recursive ? removeTree(sftp, shell, path) : removeOne(sftp, path)),
  };
}

// Each call below sends what it can in one go: with a distant host a round trip costs more than a wasted request.

async function read(
  sftp: Sftp,
  path: string,
  { offset = 0, limit }: { offset?: number; limit?: number },
): Promise<Uint8Array> {
  const handle = await sftp.open(path, 'r');
  try {
    const [stat, first] = await Promise.all([sftp.fstat(handle), readFirst(sftp, handle, { offset, limit })]);
    if (kindOf(stat) === 'directory' || first instanceof Error)
      throw first instanceof Error ? first : fileError('file.is_directory', path);
    if (limit === undefined && stat.size - offset > MAX_READ_BYTES) throw fileError('file.too_large', path);
    return await readRange(sftp, handle, {
      offset,
      limit: Math.min(limit ?? MAX_READ_BYTES, MAX_READ_BYTES),
      sizeHint: stat.size,
      first,
    });
  } finally {
    closeLater(sftp, handle);
  }
}

// An error is a value here, so that the folder's is told before the one of reading it.
function readFirst(
  sftp: Sftp,
  handle: Buffer,
  { offset, limit }: { offset: number; limit: number | undefined },
): Promise<Buffer | Error> {
  const length = Math.min(limit ?? PIECE_BYTES, PIECE_BYTES);
  if (length === 0) return Promise.resolve(Buffer.alloc(0));
  return sftp.read(handle, offset, length).catch((error: unknown) => error as Error);
}

async function write(sftp: Sftp, path: string, bytes: Buffer, mode: number | undefined): Promise<void> {
  const direct = openTemporary(sftp, path, mode);
  // It may fail before anybody waits for it; whoever does is told then.
  direct.catch(() => {});
  const old = await existing(sftp.lstat(path)).catch(async (error: unknown) => {
    await discard(sftp, direct);
    throw error;
  });
  if (old === null || kindOf(old) === 'file')
    return replace(sftp, { path, old, bytes, mode, temporary: await direct });
  await discard(sftp, direct);
  const target = await followLinks(sftp, path);
  const targetStat = await existing(sftp.lstat(target));
  if (targetStat !== null && kindOf(targetStat) === 'directory') throw fileError('file.is_directory', path);
  return replace(sftp, {
    path: target,
    old: targetStat,
    bytes,
    mode,
    temporary: await openTemporary(sftp, target, mode),
  });
}

interface Temporary {
  readonly path: string;
  readonly handle: Buffer;
}

interface Replacement {
  readonly path: string;
  readonly old: Stats | null;
  readonly bytes: Buffer;
  readonly mode: number | undefined;
  readonly temporary: Temporary;
}

async function replace(sftp: Sftp, { path, old, bytes, mode, temporary }: Replacement): Promise<void> {
  const { handle } = temporary;
  try {
    const wanted = old === null ? mode : old.mode & 0o7777;
    const chmod = wanted === undefined ? Promise.resolve() : sftp.fchmod(handle, wanted);
    // Content for few eyes waits until others are shut out.
    if (wanted !== undefined && (wanted & 0o044) !== 0o044) await chmod;
    const written = writeAll(sftp, handle, bytes, 0);
    // A host without the extension keeps the promise as far as its own rename does.
    const synced = sftp.fsync(handle).catch(ignoreRefusal);
    await settled([chmod, written, synced]);
    await settled([sftp.closeHandle(handle), sftp.posixRename(temporary.path, path)]);
  } catch (error) {
    await discard(sftp, Promise.resolve(temporary));
    throw error;
  }
}

// In the folder of its target, or it could not be renamed; a new file's mode is less the host's umask.
async function openTemporary(sftp: Sftp, target: string, mode: number | undefined): Promise<Temporary> {
  const path = `${posix.dirname(target)}/.farhand-${randomBytes(8).toString('hex')}`;
  const attributes = { mode: mode ?? NEW_FILE_MODE };
  const handle = await existing(sftp.open(path, 'wx', attributes));
  if (handle !== null) return { path, handle };
  await makeFolders(sftp, posix.dirname(path));
  return { path, handle: await sftp.open(path, 'wx', attributes) };
}

async function discard(sftp: Sftp, opening: Promise<Temporary>): Promise<void> {
  const temporary = await opening.catch(() => null);
  if (temporary === null) return;
  closeLater(sftp, temporary.handle);
  await sftp.unlink(temporary.path).catch(() => {});
}

/** Waits for all and then throws the first error: nothing is still under way when the caller cleans up. */
async function settled(actions: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(actions);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** The handle's end needs no answer: what was read or written is already known. */
function closeLater(sftp: Sftp, handle: Buffer): void {
  sftp.closeHandle(handle).catch(() => {});
}

async function makeFolders(sftp: Sftp, path: string): Promise<void> {
  if ((await existing(sftp.stat(path))) !== null) return;
  await makeFolders(sftp, posix.dirname(path));
  // Somebody else may have made it meanwhile.
  await sftp.mkdir(path).catch(async (error: unknown) => {
    if ((await existing(sftp.stat(path))) === null) throw error;
  });
}

async function writeAt(sftp: Sftp, path: string, offset: number, bytes: Buffer): Promise<void> {
  const handle = await sftp.open(path, 'r+');
  try {
    await writeAll(sftp, handle, bytes, offset);
  } finally {
    closeLater(sftp, handle);
  }
}

async function list(sftp: Sftp, path: string, limit: number): Promise<DirectoryEntry[]> {
  const [stat, opened] = await Promise.allSettled([sftp.lstat(path), sftp.opendir(path)]);
  try {
    if (stat.status === 'rejected') throw stat.reason;
    // Not a symlink to a folder either (FS3): its entries would be somebody else's.
    if (kindOf(stat.value) !== 'directory') throw fileError('file.not_directory', path);
    if (opened.status === 'rejected') throw opened.reason;
    const entries = await readEntries(sftp, opened.value, limit);
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit);
  } finally {
    if (opened.status === 'fulfilled') closeLater(sftp, opened.value);
  }
}

async function readEntries(sftp: Sftp, handle: Buffer, limit: number): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  while (entries.length < limit) {
    // Two at once: the second is the end, as a rule.
    const pages = await Promise.all([sftp.readdir(handle), sftp.readdir(handle)]);
    for (const { filename, attrs } of pages.flatMap((page) => page ?? [])) {
      if (filename !== '.' && filename !== '..') entries.push({ name: filename, ...toFileStat(attrs) });
    }
    if (pages.includes(null)) break;
  }
  return entries;
}

async function realpath(sftp: Sftp, path: string): Promise<string> {
  const whole = await existing(sftp.realpath(path));
  // OpenSSH resolves a path whose last part is missing as well, but not its last link: the loop below does.
  if (whole !== null && (await existing(sftp.lstat(whole))) !== null) return whole;
  const target = await followLinks(sftp, path);
  const parent = posix.dirname(target);
  if (parent === target) return target;
  return posix.join(await realpath(sftp, parent), posix.basename(target));
}

/** Where a write through `path` ends up: symlinks at its end followed, though the last may point nowhere. */
async function followLinks(sftp: Sftp, path: string): Promise<string> {
  let current = path;
  for (let count = 0; count < MAX_LINKS; count++) {
    const stat = await existing(sftp.lstat(current));
    if (stat === null || kindOf(stat) !== 'symlink') return current;
    current = posix.resolve(posix.dirname(current), await sftp.readlink(current));
  }
  throw fileError('file.failed', path);
}

async function removeOne(sftp: Sftp, path: string): Promise<void> {
  const stat = await existing(sftp.lstat(path));
  if (stat === null) return;
  if (kindOf(stat) !== 'directory') return sftp.unlink(path);
  await sftp.rmdir(path).catch((error: unknown) => {
    throw new FarhandError('file.failed', {
      message: `The folder ${path} cannot be removed: is it empty?`,
      details: { path },
      cause: error,
    });
  });
}

// A tree of thousands of files is one command, not thousands of requests.
async function removeTree(sftp: Sftp, shell: HostShell, path: string): Promise<void> {
  const stat = await existing(sftp.lstat(path));
  if (stat === null) return;
  if (kindOf(stat) !== 'directory') return sftp.unlink(path);
  await shellFiles(shell).remove(path, { recursive: true });
}

/** The value, or null where the path is missing. */
function existing<Value>(value: Promise<Value>): Promise<Value | null> {
  return value.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 2) return null;
    throw error;
  });
}

function ignoreRefusal(error: unknown): void {
  if (FarhandError.is(error, 'host.connection_lost')) throw error;
}

function toFileStat(stats: Stats): FileStat {
  return {
    kind: kindOf(stats),
    sizeBytes: stats.size,
    mode: stats.mode & 0o7777,
    modifiedAtMs: stats.mtime * 1000,
  };
}

const KINDS: ReadonlyMap<number, FileKind> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
]);

function kindOf(stats: { readonly mode: number }): FileKind {
  return KINDS.get(stats.mode & 0o170000) ?? 'other';
}
