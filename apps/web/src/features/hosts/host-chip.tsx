import { connectionText, secondsUntil } from '@farhand/shared/model/connection-text';
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import { LOCAL_HOST } from '@/client/ids.ts';
import { useHost } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { cx } from '@/ui/cx.ts';
import { hostName } from './connection-text.ts';
import { resting } from './host-standing.ts';

const COLOURS: Readonly<Record<ConnectionState['state'], string>> = {
  idle: 'bg-transparent border border-idle',
  connecting: 'bg-transparent border border-blocked',
  connected: 'bg-done',
  asking: 'bg-blocked',
  retrying: 'bg-blocked',
  refused: 'bg-failed',
};

/** The connection of a host as a small disc; refused is a square and asking a diamond, to be told without colour. */
export function ConnectionDot({ connection }: { readonly connection: ConnectionState }) {
  // It is what a person wants of it, and no trouble.
  const state = ['off', 'stopped'].includes(resting(connection) ?? '') ? 'idle' : connection.state;
  return (
    <span
      aria-hidden="true"
      className={cx(
        'size-1.5 shrink-0',
        state === 'refused' || state === 'asking' ? 'rounded-[1px]' : 'rounded-full',
        state === 'asking' && 'rotate-45',
        COLOURS[state],
      )}
    />
  );
}

/** A host's name with its connection; while it is tried again, with the seconds to the next try. */
export function HostChip({ hostId, className }: { readonly hostId: HostId; readonly className?: string }) {
  const connection = useHost(hostId)?.connection ?? { state: 'idle' };
  const now = useNow(1000, connection.state === 'retrying');
  const note = noteOf(connection, now);
  return (
    <span
      title={connectionText(connection, now)}
      className={cx('inline-flex min-w-0 items-center gap-1 text-micro text-text-3', className)}
    >
      <ConnectionDot connection={connection} />
      <span className="truncate">{hostId === LOCAL_HOST ? 'local' : hostName(hostId)}</span>
      {note && (
        <span
          aria-hidden="true"
          className={cx(
            'shrink-0 whitespace-nowrap tabular-nums',
            connection.state !== 'refused'
              ? 'text-blocked'
              : resting(connection)
                ? 'text-text-3'
                : 'text-failed',
          )}
        >
          {note}
        </span>
      )}
      <span className="sr-only">, {connectionText(connection, now)}</span>
    </span>
  );
}

function noteOf(connection: ConnectionState, now: number): string | null {
  if (connection.state === 'asking') return 'asks';
  if (connection.state === 'refused') return resting(connection) ?? 'refused';
  if (connection.state !== 'retrying' || Date.parse(connection.nextAt) <= now) return null;
  return `${secondsUntil(connection.nextAt, now)} s`;
}
