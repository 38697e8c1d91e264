/** Files by the host's shell and its everyday tools, for a host without sftp. One round trip each. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import type { DirectoryEntry, FileKind, FileStat } from '@farhand/shared/runtime/port';
import { quote } from '@farhand/shared/runtime/quote';
import type { HostFiles, HostShell, RunOptions } from '@farhand/shared/runtime/shell';
import { fileError } from './file-errors.ts';
import { DEFAULT_LIST_LIMIT, MAX_READ_BYTES, NEW_FILE_MODE } from './file-limits.ts';
import * as scripts from './shell-file-scripts.ts';

const SHORT_BYTES = 64 * 1024;
/** Of a listing; a name is at most 255 bytes. */
const BYTES_PER_ENTRY = 400;

export function shellFiles(shell: HostShell): HostFiles {
  const run = async (path: string, script: string, options: RunOptions): Promise<Uint8Array> => {
    const { outcome, stdout, stderr } = await shell.run(
      `export LC_ALL=C\np=${quote(path)}\n${scripts.REFUSE}${script}`,
      options,
    );
    if (outcome.kind === 'exited' && outcome.code === 0) return stdout;
    throw readRefusal(Buffer.from(stderr).toString('utf8'), path);
  };
  const short = { maxOutputBytes: SHORT_BYTES };

  return {
    read: (path, { offset = 0, limit } = {}) => {
      const most = Math.min(limit ?? MAX_READ_BYTES, MAX_READ_BYTES);
      const script = scripts.readFile(offset, most, limit === undefined ? MAX_READ_BYTES : null);
      return run(path, script, { maxOutputBytes: most + 1 });
    },
    write: async (path, bytes, { mode = NEW_FILE_MODE } = {}) => {
      await run(path, scripts.replaceFile(bytes.length, mode), { ...short, stdin: bytes });
    },
    writeAt: async (path, offset, bytes) => {
      await run(path, scripts.writeAt(offset), { ...short, stdin: bytes });
    },
    list: async (path, { limit = DEFAULT_LIST_LIMIT } = {}) => {
      const most = Math.max(limit, DEFAULT_LIST_LIMIT) * BYTES_PER_ENTRY;
      const entries = parseEntries(await run(path, scripts.LIST, { maxOutputBytes: most }));
      return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, limit);
    },
    stat: async (path) => {
      const [entry] = parseEntries(await run(path, scripts.STAT, short));
      if (entry === undefined) throw fileError('file.failed', path);
      const { name: _, ...stat } = entry;
      return stat;
    },
    realpath: async (path) => Buffer.from(await run(path, scripts.REALPATH, short)).toString('utf8'),
    remove: async (path, { recursive = false } = {}) => {
      await run(path, recursive ? scripts.REMOVE_TREE : scripts.REMOVE, short);
    },
  };
}

// Each entry begins with the mark: a name may hold any other character.
function parseEntries(output: Uint8Array): DirectoryEntry[] {
  return Buffer.from(output)
    .toString('utf8')
    .split(scripts.ENTRY_MARK)
    .slice(1)
    .flatMap((text) => {
      const found = /^([0-9a-f]{1,8}) (\d{1,15}) (-?\d{1,12}) ([^]*)\n$/.exec(text);
      if (found === null) return [];
      const [, mode = '', size = '', seconds = '', name = ''] = found;
      return [{ name: name.replace(/^\.\//, ''), ...toFileStat(Number.parseInt(mode, 16), size, seconds) }];
    });
}

const KINDS: ReadonlyMap<number, FileKind> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
]);

function toFileStat(mode: number, size: string, seconds: string): FileStat {
  return {
    kind: KINDS.get(mode & 0o170000) ?? 'other',
    sizeBytes: Number(size),
    mode: mode & 0o7777,
    modifiedAtMs: Number(seconds) * 1000,
  };
}

// Words of the C locale, or ours.
const REFUSALS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^farhand: connection_lost/m, 'host.connection_lost'],
  [/^farhand: too_large/m, 'file.too_large'],
  [/No space left/, 'disk.full'],
  [/quota exceeded/i, 'disk.quota_exceeded'],
  [/File too large|File size limit/, 'disk.full'],
  [/Read-only file system/, 'file.read_only'],
  [/[Pp]ermission denied|Operation not permitted/, 'file.permission_denied'],
  [/Not a directory|not a directory/, 'file.not_directory'],
  [/Is a directory/, 'file.is_directory'],
  [/No such file|nonexistent directory/, 'file.not_found'],
];

function readRefusal(words: string, path: string): FarhandError {
  const code = REFUSALS.find(([pattern]) => pattern.test(words))?.[1] ?? 'file.failed';
  if (code !== 'file.failed') return fileError(code, path);
  const said = words
    .replace(/[^\P{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300);
  const message = `The operation on ${path} failed${said === '' ? '' : `: ${said}`}.`;
  return new FarhandError(code, { message, details: { path } });
}
