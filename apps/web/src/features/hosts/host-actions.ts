import type { ConnectionMethod, HostId } from '@farhand/shared/model/hosts';
import { call } from '@/client/call.ts';
import { openDialog } from '@/client/view-store.ts';
import { showError } from '@/ui/toast.tsx';

/** Connects now. Why it did not work is the host's state, which is shown wherever this can be asked for. */
export function reconnect(hostId: HostId): void {
  call('host.reconnect', { hostId }).catch((error: unknown) => {
    // A refusal of the host is no news to tell again; that the server was not reached is.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('host.')) return;
    showError('Not connected', error);
  });
}

/** Connects by this method from now on; null leaves it to the platform. */
export function setMethod(hostId: HostId, method: ConnectionMethod | null): void {
  call('host.set_method', { hostId, method }).catch((error: unknown) =>
    showError('The method was not changed', error),
  );
}

/** Where hosts are written down, turned on and off, and one made the default. */
export const showHostSettings = (): void => openDialog({ kind: 'settings', part: 'hosts' });
