import { type Host, type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import type { Choice } from '@/ui/combobox.tsx';
import { hostName } from './connection-text.ts';
import { ConnectionDot } from './host-chip.tsx';

const SOURCES: Readonly<Record<Host['source'], string>> = {
  local: 'no ssh',
  record: 'your hosts',
  ssh_config: '~/.ssh/config',
  typed: 'used before',
};

// This machine, then records, then those in use, then the aliases of the config, each by name.
const ORDER: readonly Host['source'][] = ['local', 'record', 'typed', 'ssh_config'];

function inOrder(hosts: readonly Host[]): readonly Host[] {
  return hosts.toSorted(
    (a, b) => ORDER.indexOf(a.source) - ORDER.indexOf(b.source) || a.label.localeCompare(b.label),
  );
}

const labelOf = (id: HostId): string => (id === LOCAL_HOST ? 'This machine' : hostName(id));

/** Every host that is known or offered, in the order in which they are shown. */
export function useHosts(): readonly Host[] {
  const known = useServerState((state) => state.hosts);
  const offered = useQuery({
    queryKey: ['hosts'],
    queryFn: ({ signal }) => call('host.list', {}, { signal }),
  });
  return inOrder(
    Object.values({
      ...Object.fromEntries((offered.data?.hosts ?? []).map((host) => [host.id, host])),
      ...known,
    }),
  );
}

/** Every host that is known or offered, to choose from: this machine, those in use, the aliases of `~/.ssh/config`. */
export function useHostChoices(): readonly Choice[] {
  return useHosts().map((host) => ({
    value: host.id,
    label: labelOf(host.id),
    note: (
      <span className="inline-flex items-center gap-1.5">
        {host.isDefault ? 'default' : SOURCES[host.source]}
        <ConnectionDot connection={host.connection} />
      </span>
    ),
  }));
}
