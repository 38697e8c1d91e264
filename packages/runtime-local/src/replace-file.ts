import { chmod, chown, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newNonce } from '@farhand/shared/runtime/bytes';

const DEFAULT_MODE = 0o644;
// A file's name has room for 255 bytes, of which the temporary name needs some.
const LONGEST_KEPT_NAME = 40;

/** Replaces the file at once by one of the same mode and owner that holds `bytes`; makes missing folders. */
export async function replaceFile(path: string, bytes: Uint8Array, mode = DEFAULT_MODE): Promise<void> {
  const before = await statOrNull(path);
  if (before?.isDirectory()) throw new FarhandError('file.is_directory', { details: { path } });
  const folder = dirname(path);
  if (before === null) await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path).slice(0, LONGEST_KEPT_NAME)}.${newNonce()}`);
  try {
    await writeNew(temporary, bytes, before === null ? mode : 0o600);
    if (before !== null) {
      // Only root may give a file away; for all others the owner is the same already or cannot be kept.
      await chown(temporary, before.uid, before.gid).catch(() => undefined);
      await chmod(temporary, before.mode & 0o7777);
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function writeNew(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function statOrNull(path: string) {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
