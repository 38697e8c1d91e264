/** What a refused sftp request means. */

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';
import { quote } from '@farhand/shared/runtime/quote';
import type { HostShell } from '@farhand/shared/runtime/shell';
import { statusOf } from './sftp.ts';

const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;

/**
 * The error for a request on `path`. sftp has one word, "failure", for a full disk, a read-only file system, a folder
 * in the way and more: what it was, the host's shell is asked. `writeBytes` where that many were to be written.
 */
export async function readSftpError(
  thrown: unknown,
  path: string,
  context: { shell: HostShell; writeBytes: number | null },
): Promise<FarhandError> {
  if (FarhandError.is(thrown)) return thrown;
  const status = statusOf(thrown);
  if (status === PERMISSION_DENIED || status === NO_SUCH_FILE || status === FAILURE) {
    const code = await diagnose(path, status, context);
    return fileError(code, path, thrown);
  }
  // No status: ssh2 gave up on the session.
  if (status === null) return new FarhandError('host.connection_lost', { cause: thrown });
  return fileError('file.failed', path, thrown);
}

/** The error with the path in its message. */
export function fileError(code: ErrorCode, path: string, cause?: unknown): FarhandError {
  const words = MESSAGES[code] ?? ((name: string) => `The operation on ${name} failed.`);
  return new FarhandError(code, {
    message: words(path),
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

const MESSAGES: Partial<Record<ErrorCode, (path: string) => string>> = {
  'file.not_found': (path) => `There is no ${path}.`,
  'file.permission_denied': (path) => `Permission denied: ${path}.`,
  'file.is_directory': (path) => `${path} is a folder.`,
  'file.not_directory': (path) => `${path} is not a folder.`,
  'file.exists': (path) => `${path} exists already.`,
  'file.too_large': (path) => `${path} is too large to read at once.`,
  'file.read_only': (path) => `The file system of ${path} is read-only.`,
  'disk.full': (path) => `The disk of ${path} is full.`,
  'disk.quota_exceeded': (path) => `The quota of the disk of ${path} is used up.`,
};

async function diagnose(
  path: string,
  status: number,
  { shell, writeBytes }: { shell: HostShell; writeBytes: number | null },
): Promise<ErrorCode> {
  const result = await shell.run(diagnosis(path, writeBytes), { maxOutputBytes: 1024, timeoutMs: 5_000 });
  const found = DIAGNOSES[Buffer.from(result.stdout).toString('latin1').trim()];
  if (found !== undefined) return found;
  if (status === NO_SUCH_FILE) return 'file.not_found';
  return status === PERMISSION_DENIED ? 'file.permission_denied' : 'file.failed';
}

const DIAGNOSES: Readonly<Record<string, ErrorCode>> = {
  notdir: 'file.not_directory',
  isdir: 'file.is_directory',
  readonly: 'file.read_only',
  full: 'disk.full',
  quota: 'disk.quota_exceeded',
  denied: 'file.permission_denied',
};

// A write is tried again in small by the shell, whose error is told in words; the C locale makes them the same everywhere.
function diagnosis(path: string, writeBytes: number | null): string {
  return `export LC_ALL=C
p=${quote(path)}
d=$p
while case $d in */*) : ;; *) false ;; esac; do
  d=\${d%/*}
  [ -n "$d" ] || break
  [ -e "$d" ] && { [ -d "$d" ] || { echo notdir; exit; }; break; }
done
needed=${Math.ceil((writeBytes ?? 0) / 1024)}
${writeBytes === null ? '[ -d "$p" ] && echo isdir' : WRITE_DIAGNOSIS}
`;
}

const WRITE_DIAGNOSIS = `[ -d "$p" ] && { echo isdir; exit; }
t=\${d:-}/.farhand-try-$$
words=$( { head -c 65536 /dev/zero >"$t"; } 2>&1 )
rm -f -- "$t"
case $words in
  *'Read-only'*) echo readonly ;;
  *'No space'*) echo full ;;
  *'uota'*) echo quota ;;
  *'ermission denied'*) echo denied ;;
  # What was written of the file is removed by now: it may have been the last room there was.
  *) set -- $(df -Pk "\${d:-/}" 2>/dev/null | tail -n 1)
     [ "\${4:-$needed}" -lt "$needed" ] 2>/dev/null && echo full ;;
esac`;
