import { posix } from 'node:path';

/** A path of the host as it is shown: relative where it is in the workspace, otherwise as given. A `file:` address counts as its path. */
export function shownPath(directory: string, path: string): string {
  const plain = path.startsWith('file://') ? pathOf(path) : path;
  if (!posix.isAbsolute(plain)) return plain;
  const relative = posix.relative(directory, plain);
  if (relative === '') return '.';
  return relative === '..' || relative.startsWith('../') ? posix.normalize(plain) : relative;
}

function pathOf(address: string): string {
  const path = address.slice('file://'.length).replace(/^[^/]+(?=\/)/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
