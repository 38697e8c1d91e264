import type { SessionId } from '@farhand/shared/model/ids';
import { call } from '@/client/call.ts';
import { stateStore } from '@/client/state-store.ts';
import { showError } from '@/ui/toast.tsx';

/** Turns a session's dry run on where it is off, and off where it is on; what goes wrong is shown. */
export async function switchDryRun(sessionId: SessionId): Promise<void> {
  const isOn = stateStore.getState().dryRuns[sessionId]?.isOn ?? false;
  await call('dry_run.set', { sessionId, isOn: !isOn }).catch((error: unknown) =>
    showError(`The dry run was not switched ${isOn ? 'off' : 'on'}`, error),
  );
}
