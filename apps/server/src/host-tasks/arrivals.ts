import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import type { Runtimes } from '@farhand/shared/runtime/registry';

/** Tells when hosts become connected. */
export interface Arrivals {
  /** From now on tells of this host; connects nothing. */
  watch(hostId: HostId): void;
  /** Called at each change to `connected`. */
  onArrival(listener: (hostId: HostId) => void): void;
  close(): void;
}

export function createArrivals(runtimes: Pick<Runtimes, 'for'>): Arrivals {
  const watched = new Map<HostId, () => void>();
  const listeners: ((hostId: HostId) => void)[] = [];
  return {
    watch(hostId) {
      if (watched.has(hostId)) return;
      const runtime = runtimes.for(hostId);
      let before: ConnectionState['state'] = runtime.connection().state;
      const unwatch = runtime.watchConnection(({ state }) => {
        // A measured latency is told as a change too.
        const isArrival = state === 'connected' && before !== 'connected';
        before = state;
        if (isArrival) for (const listener of listeners) listener(hostId);
      });
      watched.set(hostId, unwatch);
    },
    onArrival: (listener) => void listeners.push(listener),
    close() {
      for (const unwatch of watched.values()) unwatch();
      watched.clear();
    },
  };
}
