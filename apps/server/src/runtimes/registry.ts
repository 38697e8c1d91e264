import { type ConnectionMethod, type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Questions } from '@farhand/shared/runtime/questions';
import type { Runtimes } from '@farhand/shared/runtime/registry';

/** What the server knows of a host before it is connected, and wants to know after. */
export interface SshSettings {
  readonly method: ConnectionMethod;
  readonly questions: Questions;
  /** Sessions that one connection may carry, as learned before; null when not known. */
  readonly sessionLimit: number | null;
  readonly onSessionLimit: (limit: number) => void;
}

/** How a runtime is made, for this machine and for every other host. */
export interface RuntimeFactories {
  readonly local: () => Runtime;
  readonly ssh: (hostId: HostId, settings: SshSettings) => Runtime;
  /** Of this platform, where a person chose none. */
  readonly defaultMethod: ConnectionMethod;
}

/** Makes each host's runtime once, when it is asked for. */
export function createRuntimes(
  { local, ssh }: Pick<RuntimeFactories, 'local' | 'ssh'>,
  settingsOf: (hostId: HostId) => SshSettings,
): Runtimes {
  const runtimes = new Map<HostId, Runtime>();
  return {
    for(hostId) {
      const known = runtimes.get(hostId);
      if (known) return known;
      const made = hostId === LOCAL_HOST ? local() : ssh(hostId, settingsOf(hostId));
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
