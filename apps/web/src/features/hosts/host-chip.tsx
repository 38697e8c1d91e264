import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import { LOCAL_HOST } from '@/client/ids.ts';
import { useHost } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { cx } from '@/ui/cx.ts';

const COLOURS: Readonly<Record<ConnectionState['state'], string>> = {
  idle: 'bg-transparent border border-idle',
  connecting: 'bg-transparent border border-blocked',
  connected: 'bg-done',
  retrying: 'bg-blocked',
  refused: 'bg-failed',
};

/** A connection in words, as `connected, 12 ms` or `next try in 4 s`. */
export function connectionText(connection: ConnectionState, now: number): string {
  switch (connection.state) {
    case 'idle':
      return 'not connected';
    case 'connecting':
      return 'connecting';
    case 'connected':
      return connection.latencyMs === null ? 'connected' : `connected, ${latencyText(connection.latencyMs)}`;
    case 'retrying':
      return Date.parse(connection.nextAt) <= now
        ? 'trying again now'
        : `next try in ${secondsUntil(connection.nextAt, now)} s`;
    case 'refused':
      return `refused: ${connection.message}`;
  }
}

/** A round trip, as `0.3 ms` or `12 ms`. */
export const latencyText = (ms: number): string =>
  ms < 0.1 ? '<0.1 ms' : `${ms < 1 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** Whole seconds until an ISO time, never below 0. */
export const secondsUntil = (at: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));

/** The name of a host as a person knows it: `this machine` for the server's own. */
export const hostName = (id: HostId): string =>
  id === LOCAL_HOST ? 'this machine' : id.replace(/^ssh:\/\//, '');

/** The connection of a host as a small disc; refused is a square, so that it is told without colour. */
export function ConnectionDot({ connection }: { readonly connection: ConnectionState }) {
  const isRefused = connection.state === 'refused';
  return (
    <span
      aria-hidden="true"
      className={cx(
        'size-1.5 shrink-0',
        isRefused ? 'rounded-[1px]' : 'rounded-full',
        COLOURS[connection.state],
      )}
    />
  );
}

/** A host's name with its connection; while it is tried again, with the seconds to the next try. */
export function HostChip({ hostId, className }: { readonly hostId: HostId; readonly className?: string }) {
  const connection = useHost(hostId)?.connection ?? { state: 'idle' };
  const isRetrying = connection.state === 'retrying';
  const now = useNow(1000, isRetrying);
  return (
    <span
      title={connectionText(connection, now)}
      className={cx('inline-flex min-w-0 items-center gap-1 text-micro text-text-3', className)}
    >
      <ConnectionDot connection={connection} />
      <span className="truncate">{hostId === LOCAL_HOST ? 'local' : hostName(hostId)}</span>
      {isRetrying && Date.parse(connection.nextAt) > now && (
        <span className="shrink-0 whitespace-nowrap tabular-nums text-blocked">
          {secondsUntil(connection.nextAt, now)} s
        </span>
      )}
      <span className="sr-only">, {connectionText(connection, now)}</span>
    </span>
  );
}
