import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** A path that no file of a workspace is taken by: it would lead out of it, or into its repository. */
export function isRefusedPath(path: string): boolean {
  // A U+FFFD stands for bytes that a page could not be given.
  if (path === '' || /[\0\uFFFD]/.test(path)) return true;
  return path
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || /^\.git$/i.test(part));
}

/** Throws `comparison.files_refused` for the first that is refused. Gives each once. */
export function checkedPaths(paths: readonly string[]): string[] {
  const bad = paths.find(isRefusedPath);
  if (bad !== undefined) throw filesRefused(`“${shown(bad)}” is no path of a file in the workspace.`);
  return [...new Set(paths)];
}

export function filesRefused(message: string, cause?: unknown): FarhandError {
  return new FarhandError('comparison.files_refused', {
    message: message.slice(0, 1000),
    ...(cause !== undefined && { cause }),
  });
}

/** A name that a host or a person chose, on one line. */
export function shown(path: string): string {
  return path.replace(/\p{C}/gu, '�').slice(0, 200);
}

/** For scripts that read a list from stdin: nothing in a name can be taken for the end of one. */
export function listOf(paths: readonly string[]): Uint8Array {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''));
}
