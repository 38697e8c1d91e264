/** A connection in words, for the page and the command line alike. */
import type { ConnectionState, HostQuestion } from './hosts.ts';

const ASKS: Readonly<Record<HostQuestion['kind'], string>> = {
  host_key: 'asks whether to trust its key',
  passphrase: 'asks for a passphrase',
  password: 'asks for a password',
  code: 'asks for a code',
  confirm: 'asks for your consent',
  touch: 'waits for your security key',
};

/** What a connection wants of a person, as `asks for a passphrase`. */
export const askText = ({ kind }: Pick<HostQuestion, 'kind'>): string => ASKS[kind];

/** A round trip, as `0.3 ms` or `12 ms`. */
export const latencyText = (ms: number): string =>
  ms < 0.1 ? '<0.1 ms' : `${ms < 1 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** Whole seconds until an ISO time, never below 0. */
export const secondsUntil = (at: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(at) - now) / 1000));

/** As `connected, 12 ms` or `no contact, attempt 3, next try in 4 s`; `now` in milliseconds since the epoch. */
export function connectionText(connection: ConnectionState, now: number): string {
  switch (connection.state) {
    case 'idle':
      return 'not connected';
    case 'connecting':
      return 'connecting';
    case 'connected':
      return connection.latencyMs === null ? 'connected' : `connected, ${latencyText(connection.latencyMs)}`;
    case 'asking':
      return askText(connection.question);
    case 'retrying':
      return `no contact, attempt ${connection.attempt}, ${tryText(connection.nextAt, now)}`;
    case 'refused':
      return `refused: ${connection.message}`;
  }
}

const tryText = (nextAt: string, now: number): string =>
  Date.parse(nextAt) <= now ? 'trying again now' : `next try in ${secondsUntil(nextAt, now)} s`;
