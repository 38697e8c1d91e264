import type { SessionId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { call } from '@/client/call.ts';
import { showError } from '@/ui/toast.tsx';

/** For jobs that start from now on. */
export function setSandbox({ id }: Pick<Workspace, 'id'>, profile: string): void {
  call('workspace.set_sandbox', { workspaceId: id, profile }).catch((error: unknown) =>
    showError('The sandbox was not changed', error),
  );
}

/** Runs a session under another profile than its workspace's; null ends that. True where it is done. */
export async function setSessionSandbox(sessionId: SessionId, profile: string | null): Promise<boolean> {
  try {
    await call('session.set_sandbox', { sessionId, profile });
    return true;
  } catch (error) {
    showError('The sandbox of the session was not changed', error);
    return false;
  }
}
