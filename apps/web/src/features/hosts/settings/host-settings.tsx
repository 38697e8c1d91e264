import { type Host, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { Group } from '../../settings/group.tsx';
import { useHosts, useOfferedHosts } from '../host-choices.tsx';
import { CoderGroup } from './coder-group.tsx';
import { HostForm } from './host-form.tsx';
import { HostImport } from './host-import.tsx';
import { HostRow } from './host-row.tsx';

type Opened = { readonly kind: 'none' | 'add' | 'import' } | { readonly kind: 'edit'; readonly host: Host };

/** The person's hosts: written down, tested, looked after, and one of them the default. */
export function HostSettings() {
  const hosts = useHosts();
  const { data: offered } = useOfferedHosts();
  const hasDefault = hosts.some(({ isDefault }) => isDefault);
  const [opened, setOpened] = useState<Opened>({ kind: 'none' });
  const addButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpened({ kind: 'none' });
    // What was used is gone, and the list is drawn anew.
    requestAnimationFrame(() => addButton.current?.focus());
  };
  const own = hosts.filter(({ source, id }) => source === 'record' || id === LOCAL_HOST);
  const others = hosts.filter(({ source }) => source === 'ssh_config' || source === 'typed');
  const edit = (host: Host) => setOpened({ kind: 'edit', host });
  if (opened.kind === 'add' || opened.kind === 'edit')
    return (
      <DialogBody>
        <HostForm host={opened.kind === 'edit' ? opened.host : null} onDone={close} />
      </DialogBody>
    );
  return (
    <DialogBody className="gap-6!">
      <Group
        title="Your hosts"
        note={
          <>
            The same as in <code>~/.config/farhand/config.toml</code>: each is the other’s mirror. The default
            is where new work goes that names no host.
          </>
        }
      >
        {offered?.configProblem && (
          <p role="alert" className="text-small break-words text-failed">
            {offered.configProblem}
          </p>
        )}
        {offered && !hasDefault && (
          <p role="alert" className="text-small text-failed">
            As config.toml stands, no host is the default: work that names none is refused until you make one
            the default.
          </p>
        )}
        <HostList hosts={own} onEdit={edit} />
        <div className="flex flex-wrap gap-2">
          <Button ref={addButton} variant="primary" onClick={() => setOpened({ kind: 'add' })}>
            Add a host
          </Button>
          <Button
            aria-expanded={opened.kind === 'import'}
            onClick={() => setOpened({ kind: opened.kind === 'import' ? 'none' : 'import' })}
          >
            Import from ~/.ssh/config
          </Button>
        </div>
        {opened.kind === 'import' && <HostImport onDone={close} />}
      </Group>
      {others.length > 0 && (
        <Group
          title="Also reached by ssh"
          note="Aliases of ~/.ssh/config and destinations that workspaces use. They work without being written down."
        >
          <HostList hosts={others} onEdit={edit} />
        </Group>
      )}
      <CoderGroup />
    </DialogBody>
  );
}

function HostList({
  hosts,
  onEdit,
}: {
  readonly hosts: readonly Host[];
  readonly onEdit: (host: Host) => void;
}) {
  return (
    <ul className="divide-y divide-hairline rounded-ui border border-hairline">
      {hosts.map((host) => (
        <HostRow key={host.id} host={host} onEdit={() => onEdit(host)} />
      ))}
    </ul>
  );
}
