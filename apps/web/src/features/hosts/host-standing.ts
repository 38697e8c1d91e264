import type { ConnectionState } from '@farhand/shared/model/hosts';

const TAKEN_AWAY: Readonly<Record<string, string>> = {
  'host.disabled': 'off',
  'host.deleted': 'removed',
  'host.record_invalid': 'record is wrong',
};

/** In a word or two why nothing can be started on a host, because a person took it away; null as a rule. */
export function takenAway(connection: ConnectionState | undefined): string | null {
  return connection?.state === 'refused' ? (TAKEN_AWAY[connection.code] ?? null) : null;
}

/** As `takenAway`, and `stopped` for a machine that is started by connecting it: what is no trouble, but wanted so. */
export function resting(connection: ConnectionState | undefined): string | null {
  const isStopped = connection?.state === 'refused' && connection.code === 'host.stopped';
  return isStopped ? 'stopped' : takenAway(connection);
}
