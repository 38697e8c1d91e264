import {
  type SessionId,
  sessionId as sessionIdOf,
  type WorkspaceId,
  workspaceId as workspaceIdOf,
} from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { z } from 'zod';
import { hostFailure } from '../../workspaces/errors.ts';
import { runScript } from '../../workspaces/host-script.ts';

/** Whose requests come by one folder: a session's, or those of the terminals of a workspace. */
export const operationSubject = z.union([sessionIdOf, workspaceIdOf]);
export type OperationSubject = SessionId | WorkspaceId;

/**
 * The folder on a host by which one subject's `farhand-op` and the server speak. `requests` is written by whoever asks,
 * all else by Farhand alone: a sandbox shows what is `shown` read-only, with `requests` writable in it, and of other
 * subjects nothing.
 */
export interface OperationFolder {
  /** The subject's own, in that of the workspace. */
  readonly folder: string;
  readonly requests: string;
  readonly replies: string;
  /** Holds `farhand-op`, for all of the workspace. */
  readonly programs: string;
  readonly shown: readonly string[];
}

/**
 * `home` is that of the host's user. Null for a request of the version that had one folder for a whole workspace: its
 * asker may still wait there.
 */
export function operationFolder(
  home: string,
  workspaceId: WorkspaceId,
  subject: OperationSubject | null,
): OperationFolder {
  const workspace = workspaceFolder(home, workspaceId);
  const folder = subject === null ? workspace : `${workspace}/${subject}`;
  const programs = `${workspace}/bin`;
  return {
    folder,
    requests: `${folder}/requests`,
    replies: `${folder}/replies`,
    programs,
    shown: [folder, programs, `${workspace}/wake`],
  };
}

/** Holds the folders of all subjects of a workspace. */
export function workspaceFolder(home: string, workspaceId: WorkspaceId): string {
  return `${home}/.farhand/operations/${workspaceId}`;
}

/** Removes the folder $2 in $1; what an agent left in it may be locked even for its owner. */
export const REMOVE_SCRIPT = `
cd -- "$1" 2>/dev/null || exit 0
rm -rf -- "./$2" 2>/dev/null && exit 0
[ -L "./$2" ] || chmod -R u+rwX -- "./$2" 2>/dev/null
exec rm -rf -- "./$2"
`;

/** With all that waits in it; none is no error. */
export async function removeOperationFolder(runtime: Runtime, workspaceId: WorkspaceId): Promise<void> {
  const { home } = await runtime.facts();
  const args = [`${home}/.farhand/operations`, workspaceId];
  const { code, stderr } = await runScript(runtime, { text: REMOVE_SCRIPT, args });
  if (code !== 0) throw hostFailure(stderr, 'file.failed', 'The folder for operations could not be removed');
}
