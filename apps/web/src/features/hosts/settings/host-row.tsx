import { connectionText } from '@farhand/shared/model/connection-text';
import { type Host, hostName, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { useServerState } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Menu, type MenuItem } from '@/ui/menu.tsx';
import { showError } from '@/ui/toast.tsx';
import { HostBadges } from '../host-badges.tsx';
import { ConnectionDot } from '../host-chip.tsx';
import { takenAway } from '../host-standing.ts';
import { HostReportView } from './host-report-view.tsx';
import { HostTestView } from './host-test-view.tsx';
import { LearnedFacts } from './learned-facts.tsx';
import { SudoView } from './sudo-view.tsx';

type Shown = 'test' | 'doctor' | 'facts' | 'sudo' | 'remove' | null;

/** One host: how it is reached and how it stands, with what can be done with it. */
export function HostRow({ host, onEdit }: { readonly host: Host; readonly onEdit: () => void }) {
  const [shown, setShown] = useState<Shown>(null);
  const { id, record, isDefault } = host;
  const isAway = takenAway(host.connection) !== null;
  const toggle = (what: Shown) => setShown(shown === what ? null : what);
  return (
    <li className="flex flex-col gap-2 px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <div className="min-w-0 flex-1 phone:basis-full">
          <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <span className={cx('truncate font-medium', isAway && 'text-text-3')}>{host.label}</span>
            <HostBadges host={host} />
            {record?.labels.map((label) => (
              <span key={label} className="text-small text-text-3">
                {label}
              </span>
            ))}
          </p>
          <Destination host={host} />
        </div>
        {!isDefault && !isAway && (
          <Button
            size="small"
            className="phone:h-11"
            aria-label={`Make default: ${host.label}`}
            onClick={() => void setDefault(host)}
          >
            Make default
          </Button>
        )}
        <Button
          size="small"
          className="phone:h-11"
          aria-expanded={shown === 'test'}
          aria-label={`Test ${host.label}`}
          onClick={() => toggle('test')}
        >
          Test
        </Button>
        <Menu align="end" items={itemsOf(host, { onEdit, toggle })}>
          <IconButton label={`More for ${host.label}`}>
            <Ellipsis className="size-4" aria-hidden />
          </IconButton>
        </Menu>
      </div>
      {host.recordProblem && (
        <p role="alert" className="text-small break-words text-failed">
          {host.recordProblem}
        </p>
      )}
      {shown === 'test' && <HostTestView what={{ hostId: id }} />}
      {shown === 'doctor' && <HostReportView hostId={id} />}
      {shown === 'sudo' && <SudoView hostId={id} />}
      {shown === 'facts' && <LearnedFacts host={host} />}
      {shown === 'remove' && <RemoveHost host={host} onCancel={() => setShown(null)} />}
    </li>
  );
}

function itemsOf(
  host: Host,
  { onEdit, toggle }: { onEdit: () => void; toggle: (what: Shown) => void },
): MenuItem[] {
  const { record, source } = host;
  const isRecord = source === 'record' && record !== null;
  return [
    ...(isRecord ? [{ label: 'Edit…', onSelect: onEdit }] : []),
    ...(source === 'ssh_config' || source === 'typed'
      ? [{ label: 'Write down as your host…', onSelect: onEdit }]
      : []),
    { label: 'Doctor', onSelect: () => toggle('doctor') },
    { label: 'Sudo by the policy', onSelect: () => toggle('sudo') },
    { label: 'What is known of it', onSelect: () => toggle('facts') },
    ...(source === 'record' ? ['separator' as const] : []),
    ...(isRecord
      ? [
          {
            label: record.isEnabled ? 'Turn off' : 'Turn on',
            onSelect: () => void change('The host was not changed', () => turn(host, !record.isEnabled)),
          },
        ]
      : []),
    ...(source === 'record' ? [{ label: 'Remove…', isDanger: true, onSelect: () => toggle('remove') }] : []),
  ];
}

const SOURCES: Readonly<Record<Host['source'], string>> = {
  local: 'where the server runs, without ssh',
  record: '',
  ssh_config: 'of ~/.ssh/config',
  typed: 'typed for a workspace',
};

function Destination({ host }: { readonly host: Host }) {
  const { connection, record, id, source, learned } = host;
  const now = useNow(1000, connection.state === 'retrying');
  const address = learned?.address;
  const away = takenAway(connection);
  // What is wrong with a record stands below; that a host is off is said by its badge.
  const isTold = connection.state !== 'idle' && id !== LOCAL_HOST && (away === null || away === 'removed');
  const parts = [
    record ? null : SOURCES[source],
    address && `${address.user}@${address.hostname}:${address.port}`,
    isTold ? connectionText(connection, now) : null,
  ].filter(Boolean);
  if (!record && parts.length === 0) return null;
  return (
    <p className="flex min-w-0 items-baseline gap-1.5 text-small text-text-3">
      <ConnectionDot connection={connection} />
      <span className="min-w-0 truncate phone:whitespace-normal phone:break-words">
        {record && <span className="font-mono">{record.host}</span>}
        {record && parts.length > 0 && ', '}
        {parts.join(', ')}
      </span>
    </p>
  );
}

/** Offers of the list that is not of the feed are read again. */
async function change(what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    await queryClient.invalidateQueries({ queryKey: ['hosts'] });
    return true;
  } catch (error) {
    showError(what, error);
    return false;
  }
}

const setDefault = ({ id }: Host) =>
  change('The default was not changed', () =>
    id === LOCAL_HOST ? call('host.clear_default', {}) : call('host.set_default', { hostId: id }),
  );

const turn = ({ id }: Host, isEnabled: boolean) =>
  call('host.set_enabled', { name: hostName.parse(id), isEnabled });

function RemoveHost({ host, onCancel }: { readonly host: Host; readonly onCancel: () => void }) {
  const inUse = useServerState(
    (state) => Object.values(state.workspaces).filter(({ hostId }) => hostId === host.id).length,
  );
  const remove = () =>
    change('The host was not removed', () => call('host.remove', { name: hostName.parse(host.id) })).then(
      onCancel,
    );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p className="min-w-0 flex-1 basis-64 text-small text-text-2 phone:basis-full">
        {inUse === 0
          ? `${host.label} is taken out of config.toml. Nothing on the host changes.`
          : `${inUse === 1 ? 'A workspace is' : `${inUse} workspaces are`} on ${host.label}. They stay, and are refused until a host of this name is added again; nothing runs elsewhere instead.`}
      </p>
      <Button size="small" variant="danger" className="phone:h-11" onClick={() => void remove()}>
        Remove
      </Button>
      <Button size="small" className="phone:h-11" onClick={onCancel}>
        Keep
      </Button>
    </div>
  );
}
