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
import { ConnectionDot } from '../host-chip.tsx';
import { HostReportView } from './host-report-view.tsx';
import { HostTestView } from './host-test-view.tsx';
import { LearnedFacts } from './learned-facts.tsx';
import { SudoView } from './sudo-view.tsx';

type Shown = 'test' | 'doctor' | 'facts' | 'sudo' | 'remove' | null;

/** One host: how it is reached and how it stands, with what can be done with it. */
export function HostRow({ host, onEdit }: { readonly host: Host; readonly onEdit: () => void }) {
  const [shown, setShown] = useState<Shown>(null);
  const { id, record, isDefault } = host;
  const isOff = record?.isEnabled === false;
  const toggle = (what: Shown) => setShown(shown === what ? null : what);
  return (
    <li className="flex flex-col gap-2 px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <div className="min-w-0 flex-1 phone:basis-3/4">
          <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <span className={cx('truncate font-medium', isOff && 'text-text-3')}>{host.label}</span>
            {isDefault && <Badge>default</Badge>}
            {isOff && <Badge>off</Badge>}
            {record?.labels.map((label) => (
              <span key={label} className="text-small text-text-3">
                {label}
              </span>
            ))}
          </p>
          <Destination host={host} />
        </div>
        {!isDefault && !isOff && (
          <Button size="small" className="phone:h-11" onClick={() => void setDefault(host)}>
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
    ...(isRecord
      ? [
          'separator' as const,
          {
            label: record.isEnabled ? 'Turn off' : 'Turn on',
            onSelect: () => void change('The host was not changed', () => turn(host, !record.isEnabled)),
          },
          { label: 'Remove…', isDanger: true, onSelect: () => toggle('remove') },
        ]
      : []),
  ];
}

const Badge = ({ children }: { readonly children: string }) => (
  <span className="rounded-small bg-hover px-1.5 text-small text-text-2">{children}</span>
);

function Destination({ host }: { readonly host: Host }) {
  const { connection, record, id, learned } = host;
  const now = useNow(1000, connection.state === 'retrying');
  const address = learned?.address;
  const where = id === LOCAL_HOST ? 'no ssh' : (record?.host ?? id);
  return (
    <p className="flex min-w-0 items-baseline gap-1.5 text-small text-text-3">
      <ConnectionDot connection={connection} />
      <span className="truncate">
        <span className="font-mono">{where}</span>
        {address && ` → ${address.user}@${address.hostname}:${address.port}`}
        {connection.state !== 'idle' && id !== LOCAL_HOST && `, ${connectionText(connection, now)}`}
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
      <p className="min-w-0 flex-1 basis-64 text-small text-text-2">
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
