import { createHash } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { resolveInside, type WorkspacePath } from '../agents/builtin/tools/paths.ts';
import type { ReadyWorkspace } from '../workspaces/workspaces.ts';

/** Where a path of a workspace leads, links followed. Throws `file.outside_workspace`. */
export const inside = (ready: ReadyWorkspace, path: string): Promise<WorkspacePath> =>
  resolveInside({ directory: ready.directory, host: { do: (work) => work(ready.runtime) } }, path);

/** The whole file; null where there is none. */
export async function bytesAt({ runtime }: ReadyWorkspace, real: string): Promise<Uint8Array | null> {
  try {
    return await runtime.files.read(real);
  } catch (thrown) {
    if (FarhandError.is(thrown, 'file.not_found')) return null;
    throw thrown;
  }
}

/** SHA-256 as hex; null for a file that is not there. */
export const digestOf = (bytes: Uint8Array | null): string | null =>
  bytes && createHash('sha256').update(bytes).digest('hex');
