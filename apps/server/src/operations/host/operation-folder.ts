import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';

/**
 * The folder on a host by which a workspace's `farhand-op` and the server speak. `requests` is written by whoever asks,
 * all else by Farhand alone: a sandbox shows the folder read-only, with `requests` writable in it.
 */
export interface OperationFolder {
  readonly folder: string;
  readonly requests: string;
  readonly replies: string;
  /** Holds `farhand-op`. */
  readonly programs: string;
}

/** `home` is that of the host's user. */
export function operationFolder(home: string, workspaceId: WorkspaceId): OperationFolder {
  const folder = `${home}/.farhand/operations/${workspaceId}`;
  return {
    folder,
    requests: `${folder}/requests`,
    replies: `${folder}/replies`,
    programs: `${folder}/bin`,
  };
}

/** With all that waits in it; none is no error. */
export async function removeOperationFolder(runtime: Runtime, workspaceId: WorkspaceId): Promise<void> {
  const { home } = await runtime.facts();
  await runtime.files.remove(operationFolder(home, workspaceId).folder, { recursive: true });
}
