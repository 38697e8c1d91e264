import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';

/** How a runtime is made, for this machine and for every other host. */
export interface RuntimeFactories {
  readonly local: () => Runtime;
  readonly ssh: (hostId: HostId) => Runtime;
}

/** Makes each host's runtime once, when it is asked for. */
export function createRuntimes({ local, ssh }: RuntimeFactories): Runtimes {
  const runtimes = new Map<HostId, Runtime>();
  return {
    for(hostId) {
      const known = runtimes.get(hostId);
      if (known) return known;
      const made = hostId === LOCAL_HOST ? local() : ssh(hostId);
      runtimes.set(hostId, made);
      return made;
    },
    all: () => [...runtimes.values()],
    async close() {
      const open = [...runtimes.values()];
      runtimes.clear();
      await Promise.all(open.map((runtime) => runtime.close()));
    },
  };
}
