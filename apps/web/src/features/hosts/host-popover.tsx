import { connectionText } from '@farhand/shared/model/connection-text';
import { type ConnectionState, type Host, type HostId } from '@farhand/shared/model/hosts';
import { Popover } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';
import { LOCAL_HOST } from '@/client/ids.ts';
import { useHost } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Hint } from '@/ui/hint.tsx';
import { AgentLimit } from './agent-limit.tsx';
import { hostName } from './connection-text.ts';
import { reconnect, setMethod, showHostSettings } from './host-actions.ts';
import { HostBadges } from './host-badges.tsx';
import { ConnectionDot } from './host-chip.tsx';
import { HostJobs } from './host-jobs.tsx';
import { resting, takenAway } from './host-standing.ts';
import { HostWarnings } from './host-warnings.tsx';
import { MethodChoice } from './method-choice.tsx';

interface HostPopoverProps {
  readonly hostId: HostId;
  /** The button that it belongs to. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** What is known of a host's connection and of the jobs there, with what can be done about them. */
export default function HostPopover({ hostId, anchor, onClose }: HostPopoverProps) {
  const host = useHost(hostId);
  if (!host) return null;
  // A virtual anchor is measured where the button stands; the button itself is drawn elsewhere.
  const virtual = anchor as RefObject<HTMLElement>;
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Anchor virtualRef={virtual} />
      <Popover.Portal>
        <Popover.Content
          aria-label={`Host ${hostName(hostId)}`}
          sideOffset={6}
          collisionPadding={8}
          onInteractOutside={(event) => {
            // The button closes by its own click.
            if (anchor.current?.contains(event.target as Node)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus();
          }}
          className="z-50 flex max-h-(--radix-popover-content-available-height) w-80 max-w-[calc(100vw-1rem)] flex-col divide-y divide-hairline overflow-y-auto rounded-ui bg-raised text-ui text-text shadow-float outline-none"
        >
          <Connection host={host} onClose={onClose} />
          {host.warnings.length > 0 && (
            <Part>
              <HostWarnings warnings={host.warnings} />
            </Part>
          )}
          {hostId !== LOCAL_HOST && (
            <Part>
              <MethodChoice host={host} onChange={(method) => setMethod(hostId, method)} />
            </Part>
          )}
          <Part>
            <AgentLimit host={host} />
          </Part>
          {host.connection.state === 'connected' && (
            <Part>
              <HostJobs hostId={hostId} />
            </Part>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const Part = ({ children }: { readonly children: ReactNode }) => (
  <section className="flex flex-col gap-2 px-3 py-2.5">{children}</section>
);

function Connection({ host, onClose }: { readonly host: Host; readonly onClose: () => void }) {
  const { connection, id } = host;
  const now = useNow(1000, connection.state === 'retrying');
  const reason = reasonOf(connection);
  const answer = () => {
    onClose();
    openDialog({ kind: 'answer_host', hostId: id });
  };
  return (
    <Part>
      <h3 className="flex min-w-0 items-baseline gap-2 font-semibold">
        <span className="truncate">{hostName(id)}</span>
        <HostBadges host={host} />
      </h3>
      <p className="flex items-baseline gap-2 text-text-2">
        <ConnectionDot connection={connection} />
        <span className="min-w-0 break-words tabular-nums">{connectionText(connection, now)}</span>
      </p>
      {reason && (
        <p className="text-small break-words text-text-2">
          <Hint text={reason} />
        </p>
      )}
      {connection.state === 'asking' && <Action onClick={answer}>Answer</Action>}
      {connection.state === 'retrying' && <Action onClick={() => reconnect(id)}>Retry now</Action>}
      {connection.state === 'refused' && !takenAway(connection) && (
        <Action onClick={() => reconnect(id)}>
          {resting(connection) ? 'Start and connect' : 'Try again'}
        </Action>
      )}
      {takenAway(connection) && (
        <Action
          onClick={() => {
            onClose();
            showHostSettings();
          }}
        >
          Host settings
        </Action>
      )}
      {connection.state === 'idle' && id !== LOCAL_HOST && (
        <Action onClick={() => reconnect(id)}>Connect</Action>
      )}
    </Part>
  );
}

function Action({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <Button size="small" className="w-fit" onClick={onClick}>
      {children}
    </Button>
  );
}

function reasonOf(connection: ConnectionState): string | null {
  if (connection.state === 'retrying') return connection.message;
  return connection.state === 'refused' ? connection.hint : null;
}
