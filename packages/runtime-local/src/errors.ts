import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'file.not_found',
  EACCES: 'file.permission_denied',
  EPERM: 'file.permission_denied',
  EISDIR: 'file.is_directory',
  ENOTDIR: 'file.not_directory',
  EEXIST: 'file.exists',
  EROFS: 'file.read_only',
  ENOSPC: 'disk.full',
  EDQUOT: 'disk.quota_exceeded',
  EFBIG: 'file.too_large',
};

/** The error for what the file system refused at `path`; one of ours stays as it is. */
export function fileError(cause: unknown, path: string): FarhandError {
  if (FarhandError.is(cause)) return cause;
  const reason = systemCode(cause);
  const code = CODES[reason] ?? 'file.failed';
  return new FarhandError(code, { message: `${path}: ${sentence(code)}`, details: { path, reason }, cause });
}

/** The error for a shell that could not be started. */
export function spawnError(cause: unknown): FarhandError {
  return new FarhandError('host.shell_unusable', { details: { reason: systemCode(cause) }, cause });
}

function sentence(code: ErrorCode): string {
  const message = new FarhandError(code).message;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}
