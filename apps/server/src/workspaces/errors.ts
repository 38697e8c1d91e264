/** Reads what programs on a host say when they fail. */

import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ErrorCode } from '@farhand/shared/errors/table';

const TABLE: readonly (readonly [RegExp, ErrorCode])[] = [
  [/no space left on device|disk full|ENOSPC/i, 'disk.full'],
  [/disk quota exceeded|EDQUOT/i, 'disk.quota_exceeded'],
  [/git(: command)?:? not found|exec: "?git"?:|farhand: git missing/i, 'host.git_missing'],
  [/farhand: workspace missing/i, 'workspace.missing'],
  [/read-only file system|EROFS/i, 'host.home_unwritable'],
  [/permission denied|operation not permitted|EACCES/i, 'host.home_unwritable'],
];

/** The code for a host's stderr; `otherwise` where nothing in it is known. */
export function hostFailureCode(stderr: string, otherwise: ErrorCode): ErrorCode {
  return TABLE.find(([pattern]) => pattern.test(stderr))?.[1] ?? otherwise;
}

/** The error for a failed program on a host: what was attempted, and the line of its stderr that says why. */
export function hostFailure(stderr: string, otherwise: ErrorCode, attempt: string): FarhandError {
  const code = hostFailureCode(stderr, otherwise);
  // Our own scripts say it, in words for us.
  if (code === 'workspace.missing') return new FarhandError(code);
  return new FarhandError(code, {
    message: `${attempt}: ${hostReason(stderr)}`,
    details: { stderr: stderr.slice(-2000) },
  });
}

function hostReason(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) =>
      line
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .replace(/^farhand: /, ''),
    )
    .filter(Boolean);
  const known = lines.find((line) => TABLE.some(([pattern]) => pattern.test(line)));
  const telling = known ?? lines.findLast((line) => /^(fatal|error):/i.test(line)) ?? lines.at(-1);
  return (telling ?? 'the host gave no reason').slice(0, 300);
}
