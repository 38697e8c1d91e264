import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import type { HostAccess } from '@farhand/shared/runtime/port';
import type { Settings } from '../store/settings.ts';
import type { HostRecords } from './records/host-records.ts';

/**
 * Hosts whose machine is stopped, by a person or by Coder itself: to connect could start it again, so nothing does until
 * a person wants it.
 */
export interface RestingHosts {
  /** Also after a restart of the server. */
  rest(id: HostId): void;
  /** A person wants it to run: connecting may start its machine until it is connected. */
  wake(id: HostId): void;
  /** Its machine was seen to run, whoever started it: to connect starts nothing now, so it rests no more. */
  seenRunning(id: HostId): void;
  /** Its connection is in another state. What stopped by itself rests; what was connected is not started by itself. */
  moved(id: HostId, connection: ConnectionState): void;
  /** As its record has it, and `host.stopped` while it rests. */
  access(id: HostId): HostAccess;
  /** Tells `coder ssh`, as ssh's ProxyCommand, whether it may start the machine (Coder's docs/reference/cli/ssh). */
  loginEnvironment(id: HostId): Readonly<Record<string, string>>;
  /** Calls back with what rests or wakes, until the returned function is called. */
  watch(listener: (id: HostId) => void): () => void;
}

const PREFIX = 'resting_host ';
const STAYS_STOPPED = { CODER_SSH_DISABLE_AUTOSTART: 'true' };

export function createRestingHosts(settings: Settings, records: Pick<HostRecords, 'access'>): RestingHosts {
  const listeners = new Set<(id: HostId) => void>();
  const wanted = new Set<HostId>();
  const connected = new Set<HostId>();
  const isResting = (id: HostId) => settings.get(PREFIX + id) !== null;
  const change = (id: HostId, value: string | null) => {
    if (isResting(id) === (value !== null)) return;
    settings.set(PREFIX + id, value);
    for (const listener of listeners) listener(id);
  };
  const rest = (id: HostId) => {
    wanted.delete(id);
    change(id, new Date().toISOString());
  };
  return {
    rest,
    wake(id) {
      wanted.add(id);
      change(id, null);
    },
    seenRunning: (id) => change(id, null),
    moved(id, connection) {
      const isConnected = connection.state === 'connected';
      if (isConnected || connected.has(id)) wanted.delete(id);
      if (isConnected) connected.add(id);
      else connected.delete(id);
      if (connection.state === 'refused' && connection.code === 'host.stopped') rest(id);
    },
    access(id) {
      const access = records.access(id);
      if ('refusal' in access || !isResting(id)) return access;
      const message = `The machine of ${id} is stopped.`;
      return { refusal: new FarhandError('host.stopped', { message, details: { hostId: id } }) };
    },
    loginEnvironment: (id) => (wanted.has(id) ? {} : STAYS_STOPPED),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
