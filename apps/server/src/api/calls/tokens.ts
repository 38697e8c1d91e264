import { type Scope, scope } from '@farhand/shared/model/tokens';
import type { Domains } from '../domains.ts';
import { actorOf, type Caller, type CallsOf, type CallTable, done } from './table.ts';

type TokenCalls = CallsOf<'token'> & Pick<CallTable, 'access.whoami'>;

/** Calls about keys for other programs, and about who the caller is. */
export function tokenCalls({ tokens }: Pick<Domains, 'tokens'>): TokenCalls {
  return {
    'token.list': () => ({ tokens: tokens.list() }),
    'token.create': (input, caller) => tokens.create(input, actorOf(caller)),
    'token.revoke': ({ tokenId }, caller) => done(tokens.revoke(tokenId, actorOf(caller))),
    'access.whoami': (_input, caller) => ({
      kind: caller.kind,
      name: caller.name,
      scopes: scopesOf(caller),
      hosts: caller.grant?.hosts ?? null,
      projects: caller.grant?.projects ?? null,
    }),
  };
}

/** What the caller may do; who has no limits may do everything. */
export function scopesOf({ grant }: Pick<Caller, 'grant'>): Scope[] {
  return !grant || grant.scopes.includes('admin') ? [...scope.options] : grant.scopes;
}
