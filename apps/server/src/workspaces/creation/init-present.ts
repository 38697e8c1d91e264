import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { INIT_SCRIPT } from './contents.ts';
import type { Making } from './making.ts';

/** Asks the host, for a creation that goes on after the checkout: the tree it checked out may be gone from here. */
export async function hasInitOf({ runtime, record }: Making): Promise<boolean> {
  try {
    const { kind } = await runtime.files.stat(`${record().directory}/${INIT_SCRIPT}`);
    return kind !== 'directory';
  } catch (error) {
    if (FarhandError.is(error, 'file.not_found', 'file.not_directory')) return false;
    throw error;
  }
}
