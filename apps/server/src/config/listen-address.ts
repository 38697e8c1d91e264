import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { LOOPBACK_NAMES } from '../access/request-guard.ts';

/** What to listen on, and by which names a browser may then ask. */
export interface ListenAddress {
  readonly host: string;
  /** For `Host` headers, without the port; IPv6 in brackets. */
  readonly names: readonly string[];
  /** The one for URLs. */
  readonly shownName: string;
}

const ANY = ['0.0.0.0', '::'];

/** Throws `server.remote_not_allowed` for an address beyond this machine without `isRemoteAllowed`. */
export function listenAddress(host: string, isRemoteAllowed: boolean): ListenAddress {
  if (isLoopback(host)) {
    const name = host === 'localhost' ? '127.0.0.1' : bracketed(host);
    return {
      host: host === 'localhost' ? '127.0.0.1' : host,
      names: [...new Set([...LOOPBACK_NAMES, name])],
      shownName: name,
    };
  }
  if (!isRemoteAllowed) throw new FarhandError('server.remote_not_allowed', { details: { host } });
  if (!ANY.includes(host))
    return { host, names: [...LOOPBACK_NAMES, bracketed(host)], shownName: bracketed(host) };
  const own = ownAddresses();
  return { host, names: [...LOOPBACK_NAMES, ...own, hostname()], shownName: own[0] ?? '127.0.0.1' };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host);

// Of the network; link-local ones carry a zone that no URL can have.
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .toSorted((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => bracketed(address));
}
