import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** What decides whether a request comes from where it may; null for a header that is not there. */
export interface RequestFacts {
  readonly method: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly fetchSite: string | null;
  readonly fetchMode: string | null;
  readonly isUpgrade: boolean;
  /** True where it shows a bearer token. Another site's page cannot: only its cookie would come by itself. */
  readonly hasBearer: boolean;
}

export interface ServedHosts {
  readonly port: number;
  /** Addresses and names it is reached by, without the port. */
  readonly names: readonly string[];
  /** `Host` headers taken as they are: a proxy in front has another port, or none. */
  readonly behindProxy?: readonly string[];
}

/** Names under which a server that listens on this machine alone is reached. */
export const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Throws `access.wrong_host` for a `Host` that is not served here (a name that an attacker points at this machine), and
 * `access.wrong_origin` for a request that another site's page made. Looks at headers alone.
 */
export function checkRequest(facts: RequestFacts, served: ServedHosts): void {
  const host = facts.host?.toLowerCase() ?? '';
  if (!isServed(host, served))
    throw new FarhandError('access.wrong_host', { details: { host: host.slice(0, 255) } });
  if (facts.fetchSite === 'cross-site' || isForeignSubresource(facts)) throw wrongOrigin(facts);
  if (facts.origin !== null) {
    if (!isOwnOrigin(facts.origin, host)) throw wrongOrigin(facts);
    return;
  }
  const needsOrigin = facts.isUpgrade || (facts.method !== 'GET' && facts.method !== 'HEAD');
  if (needsOrigin && !facts.hasBearer) throw wrongOrigin(facts);
}

function isServed(host: string, { port, names, behindProxy = [] }: ServedHosts): boolean {
  // Browsers leave out the port that http has by default.
  const named = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return [...named, ...behindProxy].some((one) => one.toLowerCase() === host);
}

// Another port of localhost is the same site to a browser, so the cookie goes along; following a link from there is fine.
function isForeignSubresource({ fetchSite, fetchMode, isUpgrade }: RequestFacts): boolean {
  return fetchSite === 'same-site' && (isUpgrade || fetchMode !== 'navigate');
}

function isOwnOrigin(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host}` || origin.toLowerCase() === `https://${host}`;
}

function wrongOrigin({ origin, fetchSite }: RequestFacts): FarhandError {
  return new FarhandError('access.wrong_origin', {
    details: { origin: origin?.slice(0, 255) ?? null, fetchSite },
  });
}
