import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { HostId } from '@farhand/shared/model/hosts';
import type { HostAccess } from '@farhand/shared/runtime/port';
import type { Settings } from '../store/settings.ts';
import type { HostRecords } from './records/host-records.ts';

/** Hosts whose machine a person stopped: to connect would start it again, so nothing does until it is wanted. */
export interface RestingHosts {
  /** Also after a restart of the server. */
  rest(id: HostId): void;
  /** Nothing where it does not rest. */
  wake(id: HostId): void;
  /** As its record has it, and `host.stopped` while it rests. */
  access(id: HostId): HostAccess;
  /** Calls back with what rests or wakes, until the returned function is called. */
  watch(listener: (id: HostId) => void): () => void;
}

const PREFIX = 'resting_host ';

export function createRestingHosts(settings: Settings, records: Pick<HostRecords, 'access'>): RestingHosts {
  const listeners = new Set<(id: HostId) => void>();
  const isResting = (id: HostId) => settings.get(PREFIX + id) !== null;
  const change = (id: HostId, value: string | null) => {
    if (isResting(id) === (value !== null)) return;
    settings.set(PREFIX + id, value);
    for (const listener of listeners) listener(id);
  };
  return {
    rest: (id) => change(id, new Date().toISOString()),
    wake: (id) => change(id, null),
    access(id) {
      const access = records.access(id);
      if ('refusal' in access || !isResting(id)) return access;
      const message = `The machine of ${id} is stopped.`;
      return { refusal: new FarhandError('host.stopped', { message, details: { hostId: id } }) };
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
