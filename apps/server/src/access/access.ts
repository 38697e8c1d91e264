import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../store/database.ts';
import { type Codes, createCodes } from './codes.ts';
import { cookieValue } from './cookie.ts';
import { createLogins, LOGIN_LIFETIME_MS, type Logins } from './logins.ts';
import { checkRequest, type RequestFacts, type ServedHosts } from './request-guard.ts';
import { hashToken } from './token-hash.ts';

/** Who makes a request: a signed-in browser, or the CLI of the server's own user. */
export type Caller = { readonly kind: 'browser'; readonly tokenHash: string } | { readonly kind: 'cli' };

/** A getter of one header by its lower-case name. */
export type Headers = (name: string) => string | null;

/** The front door. */
export interface Access {
  /** What the CLI shows as `Authorization: Bearer`; new at each start. */
  readonly cliToken: string;
  /** Known only when the server listens, because the port may be chosen then. */
  serve(hosts: ServedHosts): void;
  /** Throws `access.wrong_host` or `access.wrong_origin`. */
  check(request: { method: string; isUpgrade: boolean; header: Headers }): void;
  /** Null where nobody is signed in. */
  caller(header: Headers): Caller | null;
  issueCode(): string;
  /** A `Set-Cookie` that signs the browser in, or null where the code is not good. `address` is who asks. */
  redeemCode(code: string, address: string): string | null;
  /** Ends the login; the answer is a `Set-Cookie` that removes the cookie. */
  logout(caller: Caller): string;
  watchLogouts: Logins['watchRemoved'];
}

export function createAccess({ db, codes = createCodes() }: { db: Database; codes?: Codes }): Access {
  const logins = createLogins(db);
  const cliToken = randomBytes(32).toString('base64url');
  let served: ServedHosts = { port: 0, names: [] };
  // Browsers do not tell the ports of one host apart: two servers would overwrite each other's cookie.
  const cookieName = () => `farhand_${served.port}`;
  const cookie = (value: string, maxAgeSeconds: number) =>
    `${cookieName()}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
  const hasBearer = (header: Headers) => isSame(header('authorization') ?? '', `Bearer ${cliToken}`);
  return {
    cliToken,
    serve(hosts) {
      served = hosts;
    },
    check({ method, isUpgrade, header }) {
      checkRequest({ method, isUpgrade, hasBearer: hasBearer(header), ...originFacts(header) }, served);
    },
    caller(header) {
      if (hasBearer(header)) return { kind: 'cli' };
      const token = cookieValue(header('cookie'), cookieName());
      const tokenHash = token === null ? null : logins.find(token);
      return tokenHash === null ? null : { kind: 'browser', tokenHash };
    },
    issueCode: codes.issue,
    redeemCode: (code, address) =>
      codes.redeem(code, address) ? cookie(logins.create(), Math.floor(LOGIN_LIFETIME_MS / 1000)) : null,
    logout(caller) {
      if (caller.kind === 'browser') logins.remove(caller.tokenHash);
      return cookie('', 0);
    },
    watchLogouts: logins.watchRemoved,
  };
}

function originFacts(header: Headers): Pick<RequestFacts, 'host' | 'origin' | 'fetchSite' | 'fetchMode'> {
  return {
    host: header('host'),
    origin: header('origin'),
    fetchSite: header('sec-fetch-site'),
    fetchMode: header('sec-fetch-mode'),
  };
}

// Of the hashes, which have one length: the time taken tells nothing about the token.
function isSame(given: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(given)), Buffer.from(hashToken(right)));
}
