import { askText, latencyText, secondsUntil } from '@farhand/shared/model/connection-text';
import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import { LOCAL_HOST } from '../../client/ids.ts';
import { resting } from './host-standing.ts';

/** The name of a host as a person knows it: `this machine` for the server's own. */
export const hostName = (id: HostId): string =>
  id === LOCAL_HOST ? 'this machine' : id.replace(/^ssh:\/\//, '');

/** A connection in one or two words for a narrow place; empty where the colour says it all. */
export function shortConnectionText(connection: ConnectionState, now: number): string {
  switch (connection.state) {
    case 'connected':
      return connection.latencyMs === null ? '' : latencyText(connection.latencyMs);
    case 'retrying':
      return Date.parse(connection.nextAt) <= now
        ? 'trying again'
        : `retry in ${secondsUntil(connection.nextAt, now)} s`;
    case 'asking':
      return askText(connection.question);
    case 'idle':
      return '';
    case 'refused':
      return resting(connection) ?? 'refused';
    default:
      return connection.state;
  }
}
