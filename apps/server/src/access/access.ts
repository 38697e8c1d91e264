import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiToken } from '@farhand/shared/model/tokens';
import type { Database } from '../store/database.ts';
import { TOKEN_PREFIX } from '../tokens/token-value.ts';
import type { Tokens } from '../tokens/tokens.ts';
import { createWrongTokens } from '../tokens/wrong-tokens.ts';
import { type Codes, createCodes } from './codes.ts';
import { cookieValue } from './cookie.ts';
import { createLogins, LOGIN_LIFETIME_MS, type Logins } from './logins.ts';
import { checkRequest, type RequestFacts, type ServedHosts } from './request-guard.ts';
import type { SignInRecords } from './sign-in-records.ts';
import { hashToken } from './token-hash.ts';

/** Who makes a request: a signed-in browser, the CLI of the server's own user, or a program with a token. */
export type Caller =
  | { readonly kind: 'browser'; readonly tokenHash: string }
  | { readonly kind: 'cli' }
  | { readonly kind: 'token'; readonly tokenHash: string; readonly token: ApiToken };

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
  /**
   * Null where nobody is signed in. `address` is who asks. A bearer that is not good is refused, whatever cookie comes
   * with it: `access.token_invalid`, `access.too_many_wrong`.
   */
  caller(header: Headers, address?: string | null): Caller | null;
  issueCode(): string;
  /** A `Set-Cookie` that signs the browser in, or null where the code is not good. `address` is who asks. */
  redeemCode(code: string, address: string): string | null;
  /** Ends the login; the answer is a `Set-Cookie` that removes the cookie. */
  logout(caller: Caller): string;
  /** Calls back with the hash of each login and token that is good no more, until the returned function is called. */
  watchLogouts: Logins['watchRemoved'];
}

interface AccessDeps {
  readonly db: Database;
  readonly codes?: Codes;
  /** Puts on record who signs in. */
  readonly signIns?: SignInRecords;
  /** No token is good where not given. */
  readonly tokens?: Pick<Tokens, 'find' | 'watchEnded'>;
}

const BEARER = /^bearer +(\S+)$/i;

export function createAccess({ db, codes = createCodes(), signIns, tokens }: AccessDeps): Access {
  const logins = createLogins(db);
  const wrong = createWrongTokens();
  const cliToken = randomBytes(32).toString('base64url');
  let served: ServedHosts = { port: 0, names: [] };
  // Browsers do not tell the ports of one host apart: two servers would overwrite each other's cookie.
  const cookieName = () => `farhand_${served.port}`;
  const cookie = (value: string, maxAgeSeconds: number) =>
    `${cookieName()}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
  const bearerOf = (header: Headers) => {
    const bearer = BEARER.exec(header('authorization') ?? '')?.[1] ?? '';
    // Of any other it is a proxy's business: it is as if it was not there.
    return bearer.startsWith(TOKEN_PREFIX) || isSame(bearer, cliToken) ? bearer : null;
  };
  const ofBearer = (bearer: string, address: string | null): Caller => {
    if (isSame(bearer, cliToken)) return { kind: 'cli' };
    const found = tokens?.find(bearer, address);
    if (!found) throw wrong.refuse(address);
    return { kind: 'token', ...found };
  };
  return {
    cliToken,
    serve(hosts) {
      served = hosts;
    },
    check({ method, isUpgrade, header }) {
      // Whether it is a good one is looked at next; that there is one shows that no other site's page made the request.
      const hasBearer = bearerOf(header) !== null;
      checkRequest({ method, isUpgrade, hasBearer, ...originFacts(header) }, served);
    },
    caller(header, address = null) {
      const bearer = bearerOf(header);
      if (bearer !== null) return ofBearer(bearer, address);
      const token = cookieValue(header('cookie'), cookieName());
      const tokenHash = token === null ? null : logins.find(token);
      return tokenHash === null ? null : { kind: 'browser', tokenHash };
    },
    issueCode: codes.issue,
    redeemCode(code, address) {
      const isGood = codes.redeem(code, address);
      if (!isGood) {
        signIns?.refused(address);
        return null;
      }
      signIns?.signedIn(address);
      return cookie(logins.create(), Math.floor(LOGIN_LIFETIME_MS / 1000));
    },
    logout(caller) {
      signIns?.signedOut();
      if (caller.kind === 'browser') logins.remove(caller.tokenHash);
      return cookie('', 0);
    },
    watchLogouts(listener) {
      const unwatch = [logins.watchRemoved(listener), tokens?.watchEnded(listener)];
      return () => {
        for (const one of unwatch) one?.();
      };
    },
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
