/** The machines that work can happen on, and how each is connected. */
import { type ConnectionState, type Host, type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { StateFeed } from '../feed/state-feed.ts';
import { withDeadline } from '../workspaces/deadline.ts';
import { sshAliases } from './ssh-aliases.ts';

export interface Hosts {
  /** This machine, the aliases of the ssh config, then the others that workspaces use. */
  list(): Promise<Host[]>;
  get(id: HostId): Host;
  /** Connects now, without waiting for the next try. Throws why it cannot, `host.*`. */
  reconnect(id: HostId): Promise<void>;
}

export interface HostsDeps {
  readonly runtimes: Runtimes;
  readonly feed: StateFeed;
  readonly sshConfigPath: string;
  /** Hosts of all workspaces. */
  readonly hostsInUse: () => readonly HostId[];
}

const IDLE: ConnectionState = { state: 'idle' };
/** A person waits for the answer; the runtime itself goes on trying after it. */
const RECONNECT_TIMEOUT_MS = 30_000;

/** Watches the connection of every host that a workspace uses, now and later, and publishes its changes. */
export function createHosts(deps: HostsDeps): Hosts {
  const { runtimes, feed, hostsInUse } = deps;
  const watched = new Map<HostId, () => void>();
  let aliases = new Set<HostId>();

  const get = (id: HostId): Host => {
    const runtime = runtimes.all().find((one) => one.hostId === id);
    const source = id === LOCAL_HOST ? 'local' : aliases.has(id) ? 'ssh_config' : 'typed';
    return {
      id,
      label: id === LOCAL_HOST ? 'This machine' : id,
      source,
      connection: runtime?.connection() ?? IDLE,
    };
  };
  const publish = (id: HostId) => feed.changed({ kind: 'host', value: get(id) });
  const watch = (id: HostId) => {
    if (watched.has(id)) return;
    watched.set(
      id,
      runtimes.for(id).watchConnection(() => publish(id)),
    );
    publish(id);
  };
  const dropUnused = () => {
    const used = new Set(hostsInUse());
    for (const [id, unwatch] of watched) {
      if (used.has(id) || get(id).source !== 'typed') continue;
      unwatch();
      watched.delete(id);
      feed.removed('host', id);
    }
  };

  for (const id of hostsInUse()) watch(id);
  // A workspace is the only thing that brings a new host into use, and each of its changes passes here.
  feed.watch((change) => {
    if (change.type === 'changed' && change.entity.kind === 'workspace') watch(change.entity.value.hostId);
    if (change.type === 'removed' && change.kind === 'workspace') dropUnused();
  });

  return {
    async list() {
      aliases = new Set(await sshAliases(deps.sshConfigPath));
      const ids = new Set<HostId>([LOCAL_HOST, ...aliases, ...hostsInUse()]);
      return [...ids].map(get);
    },
    get,
    async reconnect(id) {
      const runtime = runtimes.for(id);
      watch(id);
      await withDeadline<unknown>(runtime.reconnect?.() ?? runtime.facts(), RECONNECT_TIMEOUT_MS, id);
    },
  };
}
