import type { CoderWorkspace } from '@farhand/shared/model/coder';
import { type Host, type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { useQuery } from '@tanstack/react-query';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import type { Choice } from '@/ui/combobox.tsx';
import { hostName } from './connection-text.ts';
import { HostBadges } from './host-badges.tsx';
import { ConnectionDot } from './host-chip.tsx';
import { takenAway } from './host-standing.ts';

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

/** What `host.list` answers: the hosts that are offered, and what is wrong with config.toml. */
export const useOfferedHosts = () =>
  useQuery({
    queryKey: ['hosts'],
    queryFn: ({ signal }) => call('host.list', {}, { signal }),
  });

/** Every host that is known or offered, in the order in which they are shown. */
export function useHosts(): readonly Host[] {
  const known = useServerState((state) => state.hosts);
  const offered = useOfferedHosts();
  return inOrder(
    Object.values({
      ...Object.fromEntries((offered.data?.hosts ?? []).map((host) => [host.id, host])),
      ...known,
    }),
  );
}

/** Every host that is known or offered, to choose from; one that a person took away is shown, and not to be chosen. */
export function useHostChoices(): readonly Choice[] {
  return useHosts().map((host) => ({
    value: host.id,
    label: labelOf(host.id),
    isDisabled: takenAway(host.connection) !== null,
    note: (
      <span className="inline-flex items-center gap-1.5">
        {host.isDefault || takenAway(host.connection) ? <HostBadges host={host} /> : SOURCES[host.source]}
        <ConnectionDot connection={host.connection} />
      </span>
    ),
  }));
}

const NOT_THERE: readonly CoderWorkspace['status'][] = ['deleting', 'deleted'];

/** Coder's workspaces that can be worked on; none where Coder is not used or says nothing. */
export function useCoderHosts(): readonly CoderWorkspace[] {
  const { data } = useQuery({
    queryKey: ['coder'],
    queryFn: ({ signal }) => call('coder.list', {}, { signal }),
    staleTime: 5000,
  });
  return (data?.workspaces ?? []).filter(({ status }) => !NOT_THERE.includes(status));
}

/** Those of Coder that are not among the hosts yet. */
export function coderChoices(workspaces: readonly CoderWorkspace[], others: readonly Choice[]): Choice[] {
  const known = new Set(others.map(({ value }) => value));
  return workspaces
    .filter(({ hostId }) => !known.has(hostId))
    .map(({ hostId, status }) => ({
      value: hostId,
      label: hostName(hostId),
      note: status === 'stopped' ? 'Coder, stopped: starts when connected' : `Coder, ${status}`,
    }));
}
