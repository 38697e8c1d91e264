import type { Host } from '@farhand/shared/model/hosts';
import { call } from '@/client/call.ts';
import { useNow } from '@/client/use-now.ts';
import { showError } from '@/ui/toast.tsx';
import { Tooltip } from '@/ui/tooltip.tsx';
import { ConnectionDot, connectionText, hostName, latencyText, secondsUntil } from './host-chip.tsx';

function shortText({ connection }: Host, now: number): string {
  if (connection.state === 'connected')
    return connection.latencyMs === null ? '' : latencyText(connection.latencyMs);
  if (connection.state === 'retrying') {
    return Date.parse(connection.nextAt) <= now
      ? 'trying again'
      : `retry in ${secondsUntil(connection.nextAt, now)} s`;
  }
  return connection.state === 'refused' ? 'refused' : connection.state === 'connecting' ? 'connecting' : '';
}

const tone = (state: Host['connection']['state']) =>
  state === 'refused' ? 'text-failed' : state === 'retrying' ? 'text-blocked' : 'text-text-3';

/** A host in the status line: its latency, or the countdown to the next try; a click connects now. */
export function HostStatus({ host }: { readonly host: Host }) {
  const { state } = host.connection;
  const now = useNow(1000, state === 'retrying');
  const reason = 'message' in host.connection ? host.connection.message : null;
  const canRetry = state === 'retrying' || state === 'refused';
  const reconnect = () =>
    call('host.reconnect', { hostId: host.id }).catch((error: unknown) => showError('Not connected', error));
  return (
    <Tooltip
      side="top"
      label={
        <span className="flex flex-col">
          <span>{`${hostName(host.id)}: ${connectionText(host.connection, now)}`}</span>
          {reason && state !== 'refused' && <span className="text-text-2">{reason}</span>}
          {canRetry && <span className="text-text-2">Click to connect now</span>}
        </span>
      }
    >
      <button
        type="button"
        onClick={() => canRetry && void reconnect()}
        className="inline-flex h-6 min-w-0 items-center gap-1.5 rounded-small px-1.5 text-small text-text-2 hover:bg-hover"
      >
        <ConnectionDot connection={host.connection} />
        <span className="max-w-40 truncate">{hostName(host.id)}</span>
        <span className={`tabular-nums ${tone(state)}`}>{shortText(host, now)}</span>
      </button>
    </Tooltip>
  );
}
