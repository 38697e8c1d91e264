import { latencyText } from '@farhand/shared/model/connection-text';
import { Keyboard, ScrollText, Settings } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type ServerConnection, useConnection } from '@/client/connection-store.ts';
import { load } from '@/client/load.ts';
import { useServerState } from '@/client/state-store.ts';
import { openDialog, showAudit } from '@/client/view-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { StatusMark } from '@/ui/status-mark.tsx';
import { HostStatus } from '../hosts/host-status.tsx';
import { KEYMAP } from '../keys/keymap.ts';

const CostToday = dynamic(() => load(() => import('../settings/cost-today.tsx')), { ssr: false });

const SERVER_TEXTS: Readonly<Record<ServerConnection['state'], string>> = {
  connected: 'connected',
  connecting: 'connecting',
  retrying: 'lost',
  signed_out: 'signed out',
  outdated: 'updated',
};

/** The line at the window's end: the server, the hosts in use, and how many agents are at work. */
export function StatusLine() {
  const hosts = useServerState((state) => {
    const used = new Set(Object.values(state.workspaces).map((workspace) => workspace.hostId));
    return Object.values(state.hosts).filter((host) => used.has(host.id));
  });
  return (
    <footer className="flex h-7 shrink-0 items-center gap-2 overflow-hidden border-t border-hairline bg-app px-2 text-small text-text-2 phone:hidden">
      <ServerStatus />
      <div className="flex min-w-0 flex-1 items-center overflow-hidden">
        {hosts.map((host) => (
          <HostStatus key={host.id} host={host} />
        ))}
      </div>
      <CostToday />
      <WorkingCount />
      <IconButton label="Audit log" keys={KEYMAP['audit.show'].keys} onClick={showAudit}>
        <ScrollText aria-hidden="true" className="size-4" />
      </IconButton>
      <IconButton
        label="All keys"
        keys={KEYMAP['keys.show'].keys}
        onClick={() => openDialog({ kind: 'keys' })}
      >
        <Keyboard aria-hidden="true" className="size-4" />
      </IconButton>
      <IconButton
        label="Settings"
        keys={KEYMAP['settings.open'].keys}
        onClick={() => openDialog({ kind: 'settings', part: 'models' })}
      >
        <Settings aria-hidden="true" className="size-4" />
      </IconButton>
    </footer>
  );
}

function ServerStatus() {
  const state = useConnection(({ connection }) => connection.state);
  const latencyMs = useConnection((connection) => connection.latencyMs);
  const isConnected = state === 'connected';
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5 px-1.5">
      <span
        aria-hidden="true"
        className={cx('size-1.5 rounded-full', isConnected ? 'bg-done' : 'bg-blocked')}
      />
      Server
      <span className="tabular-nums text-text-3">
        {isConnected && latencyMs !== null ? latencyText(latencyMs) : SERVER_TEXTS[state]}
      </span>
    </span>
  );
}

function WorkingCount() {
  const count = useServerState(
    (state) => Object.values(state.sessions).filter((session) => session.state === 'working').length,
  );
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5 px-1.5 tabular-nums">
      <StatusMark status={count > 0 ? 'working' : 'idle'} className="size-2.5" label="" />
      {count === 0 ? 'No agent at work' : count === 1 ? '1 agent at work' : `${count} agents at work`}
    </span>
  );
}
