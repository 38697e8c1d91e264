/** What a person should know of a host before work is left on it alone, as its facts tell. */
import type { HostId, HostWarning } from '@farhand/shared/model/hosts';
import { warningsOf } from '@farhand/shared/runtime/logind';
import type { Runtime } from '@farhand/shared/runtime/port';

export interface HostWarnings {
  /** As the host told last; empty before. */
  of(id: HostId): readonly HostWarning[];
  /** Asks now. Never rejects: a host that does not tell keeps what it told before. */
  ask(runtime: Runtime): Promise<void>;
  /** Asks with each new connection, behind all that waited for it, until the returned function is called. */
  watch(runtime: Runtime): () => void;
}

/** `onChange` is called when the warnings of a host are not what they were. */
export function createHostWarnings(onChange: (id: HostId) => void): HostWarnings {
  const told = new Map<HostId, readonly HostWarning[]>();
  const of = (id: HostId) => told.get(id) ?? [];

  async function ask(runtime: Runtime): Promise<void> {
    const facts = await runtime.facts().catch(() => null);
    if (facts === null) return;
    const warnings = warningsOf(facts).map(({ code, message, hint }) => ({ code, message, hint }));
    const isSame = JSON.stringify(warnings) === JSON.stringify(of(runtime.hostId));
    told.set(runtime.hostId, warnings);
    if (!isSame) onChange(runtime.hostId);
  }

  return {
    of,
    ask,
    watch(runtime) {
      let isConnected = false;
      const look = () => {
        const wasConnected = isConnected;
        isConnected = runtime.connection().state === 'connected';
        if (wasConnected || !isConnected) return;
        // A question to a host that is gone again would be one more try to reach it.
        setImmediate(() => runtime.connection().state === 'connected' && void ask(runtime));
      };
      look();
      return runtime.watchConnection(look);
    },
  };
}
