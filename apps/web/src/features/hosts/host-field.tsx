import { parseHostTarget } from '@farhand/shared/model/host-target';
import { type Host, type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Combobox } from '@/ui/combobox.tsx';
import { Field } from '@/ui/field.tsx';
import { hostName } from './connection-text.ts';
import { ConnectionDot } from './host-chip.tsx';

const SOURCES: Readonly<Record<Host['source'], string>> = {
  local: 'no ssh',
  ssh_config: '~/.ssh/config',
  typed: 'used before',
};

// This machine, then those in use, then the aliases of the config, each by name.
const ORDER: readonly Host['source'][] = ['local', 'typed', 'ssh_config'];

function inOrder(hosts: readonly Host[]): readonly Host[] {
  return hosts.toSorted(
    (a, b) => ORDER.indexOf(a.source) - ORDER.indexOf(b.source) || a.label.localeCompare(b.label),
  );
}

const labelOf = (id: HostId): string => (id === LOCAL_HOST ? 'This machine' : hostName(id));

interface HostFieldProps {
  /** As typed: `local`, an alias, `user@host`, `ssh://user@host:port/path`. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the server said of this value. */
  readonly error: ApiError | null;
}

/** Chooses a host: this machine, an alias of `~/.ssh/config`, or anything typed that ssh takes. */
export function HostField({ value, onChange, error }: HostFieldProps) {
  const known = useServerState((state) => state.hosts);
  const offered = useQuery({
    queryKey: ['hosts'],
    queryFn: ({ signal }) => call('host.list', {}, { signal }),
  });
  const hosts = inOrder(
    Object.values({
      ...Object.fromEntries((offered.data?.hosts ?? []).map((host) => [host.id, host])),
      ...known,
    }),
  );
  const isWrong = value !== '' && parseHostTarget(value) === null;
  return (
    <Field
      label="Host"
      error={isWrong ? ApiError.of('host.invalid_name') : error}
      hint="This machine, an alias of ~/.ssh/config, user@host or ssh://user@host:port/folder."
    >
      {(control) => (
        <Combobox
          control={control}
          canType
          value={value}
          onChange={onChange}
          choices={hosts.map((host) => ({
            value: host.id,
            label: labelOf(host.id),
            note: (
              <span className="inline-flex items-center gap-1.5">
                {SOURCES[host.source]}
                <ConnectionDot connection={host.connection} />
              </span>
            ),
          }))}
          typedLabel={(text) => (parseHostTarget(text) === null ? null : `Use ${text}`)}
        />
      )}
    </Field>
  );
}
