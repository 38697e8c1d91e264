import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ErrorCode } from '@farhand/shared/errors/table';
import { SAYS } from './script.ts';

const SAID: Readonly<Record<string, ErrorCode>> = {
  directory: 'file.is_directory',
  'no-directory': 'file.not_directory',
  large: 'file.too_large',
};

// In words of the C locale, from the tools that the script runs.
const SYSTEM: readonly [RegExp, ErrorCode][] = [
  [/Read-only file system|Device or resource busy/, 'sandbox.refused'],
  [/Permission denied|Operation not permitted/, 'file.permission_denied'],
  [/No space left on device/, 'disk.full'],
  [/Not a directory|File exists/, 'file.not_directory'],
  [/Is a directory/, 'file.is_directory'],
  [/No such file or directory/, 'file.not_found'],
];

/** Why the files script could not do it. `at`: where a path led that is not there. */
export function fileErrorOf(stderr: string, path: string): { error: FarhandError; at: string | null } {
  const lines = stderr.split('\n');
  const said = lines.find((line) => line.startsWith(SAYS))?.slice(SAYS.length) ?? '';
  const at = said.startsWith('at ')
    ? stderr.slice(stderr.indexOf(`${SAYS}at `) + SAYS.length + 3).replace(/\n$/, '')
    : null;
  const code =
    SAID[said] ??
    SYSTEM.find(([text]) => text.test(stderr))?.[1] ??
    (at === null ? undefined : 'file.not_found');
  if (code === undefined)
    return {
      at,
      error: new FarhandError('file.failed', {
        message: `${path}: ${lines.find((line) => line !== '')?.slice(0, 300) ?? 'no reason is known'}.`,
        details: { path },
      }),
    };
  if (code === 'sandbox.refused') return { at, error: refusedPath(path, 'is read-only') };
  return { at, error: new FarhandError(code, { details: { path } }) };
}

/** The sandbox does not let this path be read or written. */
export function refusedPath(path: string, why: 'is hidden' | 'is read-only'): FarhandError {
  return new FarhandError('sandbox.refused', {
    message: `${path} ${why} in the sandbox of this workspace.`,
    details: { path },
  });
}
