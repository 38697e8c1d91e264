import {
  type ConnectionMethod,
  type HostAddress,
  type HostId,
  LOCAL_HOST,
} from '@farhand/shared/model/hosts';
import type { HostAccess, HostDestination, Runtime } from '@farhand/shared/runtime/port';
import type { Questions } from '@farhand/shared/runtime/questions';
import type { Runtimes } from '@farhand/shared/runtime/registry';

/** What the server knows of a host before it is connected, and wants to know after. */
export interface SshSettings {
  readonly access: HostAccess;
  readonly method: ConnectionMethod;
  readonly questions: Questions;
  /** Sessions that one connection may carry, as learned before; null when not known. */
  readonly sessionLimit: number | null;
  readonly onSessionLimit: (limit: number) => void;
  /** What ssh's ProxyCommand is told with each login. */
  readonly loginEnvironment: () => Readonly<Record<string, string>>;
}

/** What `ssh -G` says of a destination, as far as a person wants to know it. */
export interface ResolvedDestination extends HostAddress {
  /** True where a proxy or a jump host is in between: nobody can knock there directly. */
  readonly isProxied: boolean;
  /** Of private keys that would be offered, absolute; they need not be there. */
  readonly identityFiles: readonly string[];
  /** Absolute. */
  readonly knownHostsFiles: readonly string[];
  /** As the configuration says it: `ask`, `true`, `false`, `accept-new`. */
  readonly strictHostKeyChecking: string;
}

/** Looks at a destination without signing in there. */
export interface SshProbe {
  /** Throws `host.config_invalid`, `host.invalid_name`, `host.ssh_missing`. */
  resolve(destination: HostDestination): Promise<ResolvedDestination>;
  /**
   * Connects, has the host's key checked, and hears by which methods one may sign in there. Throws `host.*`, as
   * `host.key_unknown`.
   */
  knock(destination: HostDestination, signal: AbortSignal): Promise<{ readonly methods: readonly string[] }>;
  /** The same connection by hand, quoted for a shell. */
  command(destination: HostDestination): string;
}

/** How a runtime is made, for this machine and for every other host. */
export interface RuntimeFactories {
  readonly local: () => Runtime;
  readonly ssh: (hostId: HostId, settings: SshSettings) => Runtime;
  readonly probe: SshProbe;
  /** Of this platform, where a person chose none. */
  readonly defaultMethod: ConnectionMethod;
}

/** Makes each host's runtime once, when it is asked for. */
export function createRuntimes(
  { local, ssh }: Pick<RuntimeFactories, 'local' | 'ssh'>,
  settingsOf: (hostId: HostId) => SshSettings,
): Runtimes {
  const runtimes = new Map<HostId, Runtime>();
  const listeners: ((runtime: Runtime) => void)[] = [];
  return {
    for(hostId) {
      const known = runtimes.get(hostId);
      if (known) return known;
      const made = hostId === LOCAL_HOST ? local() : ssh(hostId, settingsOf(hostId));
      runtimes.set(hostId, made);
      for (const listener of listeners) listener(made);
      return made;
    },
    all: () => [...runtimes.values()],
    watchMade: (listener) => void listeners.push(listener),
    async close() {
      const open = [...runtimes.values()];
      runtimes.clear();
      await Promise.all(open.map((runtime) => runtime.close()));
    },
  };
}
