import { posix } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { SteadyHost } from '../steady-host.ts';

/** Where paths are looked up. */
export interface PathRoot {
  /** Absolute, on the host. */
  readonly directory: string;
  readonly host: Pick<SteadyHost, 'do'>;
}

/** A path inside the workspace. */
export interface WorkspacePath {
  /** Absolute, every symlink resolved. */
  readonly real: string;
  /** As it is shown: relative to the workspace, `.` for the workspace itself. */
  readonly shown: string;
}

/** Finds what a path relative to the workspace means. Throws `file.outside_workspace` where it leads out, by symlink too. */
export async function resolveInside({ directory, host }: PathRoot, path: string): Promise<WorkspacePath> {
  if (path.includes('\0'))
    throw new FarhandError('file.not_found', { message: 'A path cannot hold a NUL character.' });
  const wanted = posix.resolve(directory, path);
  const [root, real] = await host.do(({ files }) =>
    Promise.all([files.realpath(directory), files.realpath(wanted)]),
  );
  if (!isInside(root, real)) {
    throw new FarhandError('file.outside_workspace', {
      message: `${path} leads out of the workspace.`,
      details: { path },
    });
  }
  const relative = posix.relative(directory, wanted);
  return { real, shown: relative.startsWith('..') ? posix.relative(root, real) || '.' : relative || '.' };
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);
}
