import type { HostId, HostLearned } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { HostStore } from '../host-store.ts';
import { askWhatItIs } from './learn.ts';

export interface Learning {
  /** As it was learned last, in whatever run of the server; null before the first contact. */
  of(id: HostId): HostLearned | null;
  /** Asks now. Never rejects: what was known stays. */
  ask(runtime: Runtime): Promise<void>;
  /** Asks with a new connection, and notes each contact, until the returned function is called. */
  watch(runtime: Runtime): () => void;
}

/** Tools do not come and go with a connection; a host that is connected often is not asked each time. */
const KEPT_MS = 30 * 60_000;

/** `onLearned` is called when there is something new to show. */
export function createLearning(store: HostStore, onLearned: (id: HostId) => void): Learning {
  const askedAt = new Map<HostId, number>();

  const ask = async (runtime: Runtime) => {
    askedAt.set(runtime.hostId, performance.now());
    const learned = await askWhatItIs(runtime).catch(() => null);
    if (learned === null) return void askedAt.delete(runtime.hostId);
    store.change(runtime.hostId, { learned });
    onLearned(runtime.hostId);
  };
  const note = (runtime: Runtime, latencyMs: number | null) => {
    const { learned } = store.get(runtime.hostId);
    if (learned === null) return;
    const address = runtime.address?.() ?? learned.address;
    const lastContactAt = new Date().toISOString();
    store.change(runtime.hostId, {
      learned: { ...learned, address, lastContactAt, latencyMs: latencyMs ?? learned.latencyMs },
    });
  };
  return {
    of: (id) => store.get(id).learned,
    ask,
    watch(runtime) {
      let isConnected = false;
      let latencyMs: number | null = null;
      const look = () => {
        const wasConnected = isConnected;
        const connection = runtime.connection();
        isConnected = connection.state === 'connected';
        if (connection.state === 'connected') latencyMs = connection.latencyMs ?? latencyMs;
        if (wasConnected === isConnected) return;
        note(runtime, latencyMs);
        if (!isConnected) return;
        const before = store.get(runtime.hostId).learned === null ? undefined : askedAt.get(runtime.hostId);
        if (before !== undefined && performance.now() - before < KEPT_MS) return;
        // Behind all that waited for the connection, and not where it is gone again.
        setImmediate(() => runtime.connection().state === 'connected' && void ask(runtime));
      };
      look();
      return runtime.watchConnection(look);
    },
  };
}
