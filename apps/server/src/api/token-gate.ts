import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Scope } from '@farhand/shared/model/tokens';
import type { CallName } from '@farhand/shared/protocol/calls';
import type { Entity } from '@farhand/shared/protocol/frames';
import {
  assertWithin,
  type Belongings,
  type Grant,
  hostsNamedIn,
  isLimited,
  isWithin,
  touchedBy,
  touchedByInput,
} from '../tokens/reach.ts';
import type { Domains } from './domains.ts';
import { entityWithoutValues, withoutValues } from './hidden-values.ts';
import { NOT_FOR_TOKENS, scopeOf, scopeOfInput } from './scopes.ts';

/** What stands between a token and what it may not do. Who is no token passes without being looked at. */
export interface TokenGate {
  /**
   * Throws `access.scope_missing`, `access.not_for_tokens`, `access.outside_token`, and `host.*` for a host that the token
   * may not lead us to.
   */
  admit(call: CallName, input: unknown, grant: Grant): void;
  /** The answer of a call, without what a limited token must not see, and without values that are for `admin`. */
  visible(call: CallName, output: unknown, grant: Grant): unknown;
  /** Throws `access.outside_token` for what these ids belong to. */
  assertReach(facts: Readonly<Record<string, unknown>>, grant: Grant): void;
  /** True where the token may see the entity. */
  sees(entity: Entity, grant: Grant): boolean;
  /** An entity that it sees, without values that are for `admin`. */
  shown(entity: Entity, grant: Grant): Entity;
}

type GatedDomains = Pick<
  Domains,
  'hosts' | 'operations' | 'workspaces' | 'sessions' | 'terminals' | 'approvals' | 'queue' | 'runs'
>;

/** Older ones are out of a limited token's reach. */
const MAX_RUNS = 500;

/** Their answers are lists that are cut down to what the token reaches. `hosts` is the key of the list. */
const LISTS: Partial<Record<CallName, string>> = {
  'host.list': 'hosts',
  'project.list': 'projects',
  'workspace.list': 'workspaces',
  'session.list': 'sessions',
  'approval.list': 'approvals',
  'run.list': 'runs',
};
/** They tell nothing of any host or project. */
const OF_THE_SERVER: ReadonlySet<CallName> = new Set([
  'access.whoami',
  'server.status',
  'approval.default_policy',
  'model.list',
  'sandbox.profiles',
]);
/** Each of these is about one project, and tells nothing of a host. */
const OF_A_PROJECT: ReadonlySet<CallName> = new Set(['project.branches']);

/** `access.scope_missing` unless the token has the scope, by itself or by `admin`. */
export function assertScope(grant: Pick<Grant, 'scopes'>, scope: Scope): void {
  if (grant.scopes.includes(scope) || grant.scopes.includes('admin')) return;
  throw new FarhandError('access.scope_missing', {
    message: `The token does not have the scope ${scope}.`,
    details: { scope },
  });
}

/** `access.not_for_tokens` for what no token may do, `access.scope_missing` for what this one may not. */
export function assertMayCall(grant: Pick<Grant, 'scopes'>, call: CallName): void {
  // Before the scope: whoever is told that one is missing would make a token that is refused just as well.
  if (NOT_FOR_TOKENS.has(call)) throw new FarhandError('access.not_for_tokens');
  assertScope(grant, scopeOf(call));
}

export function createTokenGate(domains: GatedDomains): TokenGate {
  const belongings = belongingsOf(domains);
  const touches = (facts: unknown) => touchedBy(isObject(facts) ? facts : {}, belongings);
  const seesListed = (name: CallName, item: unknown, grant: Grant) => {
    const id = isObject(item) ? item.id : null;
    if (name === 'host.list') return isSeen(grant, { hosts: [String(id)], projects: [] }, 'hosts');
    if (name === 'project.list') return isSeen(grant, { hosts: [], projects: [String(id)] }, 'projects');
    return isWithin(grant, touches(item));
  };
  const listed = (call: CallName, output: unknown, grant: Grant): unknown => {
    const key = LISTS[call];
    if (key === undefined || !isLimited(grant) || !isObject(output)) return output;
    const list = output[key];
    return Array.isArray(list)
      ? { ...output, [key]: list.filter((item) => seesListed(call, item, grant)) }
      : output;
  };
  return {
    admit(call, input, grant) {
      assertMayCall(grant, call);
      const further = scopeOfInput(call, input);
      if (further !== null) assertScope(grant, further);
      // Another program reaches what a person has set up: to any other place it would lead the person's keys.
      if (!grant.scopes.includes('admin'))
        for (const host of hostsNamedIn(input)) domains.hosts.resolve(host, { isKnownOnly: true });
      if (!isLimited(grant) || OF_THE_SERVER.has(call)) return;
      if (Object.hasOwn(LISTS, call)) return;
      const touched = touchedByInput(input, belongings);
      if (OF_A_PROJECT.has(call)) assertWithin({ hosts: null, projects: grant.projects }, touched);
      else assertWithin(grant, touched);
    },
    visible(call, output, grant) {
      return withoutValues(call, listed(call, output, grant), grant);
    },
    shown: entityWithoutValues,
    assertReach(facts, grant) {
      if (isLimited(grant)) assertWithin(grant, touches(facts));
    },
    sees({ kind, value }, grant) {
      if (!isLimited(grant)) return true;
      if (kind === 'host') return seesListed('host.list', value, grant);
      if (kind === 'project') return seesListed('project.list', value, grant);
      // It holds what its variants gave, wherever they are.
      if (kind === 'comparison') return isWithin(grant, touchedByInput(value, belongings));
      return isWithin(grant, touches(value));
    },
  };
}

// A host belongs to no project, and a project to no host: each is judged by its own limit alone.
function isSeen(grant: Grant, touched: { hosts: string[]; projects: string[] }, kind: 'hosts' | 'projects') {
  const limits =
    kind === 'hosts' ? { hosts: grant.hosts, projects: null } : { hosts: null, projects: grant.projects };
  return isWithin(limits, touched);
}

function belongingsOf({
  operations,
  workspaces,
  sessions,
  terminals,
  approvals,
  queue,
  runs,
}: GatedDomains): Belongings {
  const byId = <Item extends { readonly id: string }>(items: readonly Item[], id: string) =>
    items.find((one) => one.id === id);
  const sessionPlace = (id: string) => byId(sessions.list(), id)?.workspaceId ?? null;
  const runOf = (id: string) => byId(runs.list(MAX_RUNS), id);
  const approvalOf = (id: string) =>
    byId(approvals.list({ sessionId: null, isOpen: true }), id) ??
    byId(approvals.list({ sessionId: null, isOpen: false }), id);
  return {
    workspaceOf(kind, id) {
      switch (kind) {
        case 'session':
          return sessionPlace(id);
        case 'terminal':
          return byId(terminals.list(), id)?.workspaceId ?? null;
        case 'approval':
          return approvalOf(id)?.workspaceId ?? null;
        case 'run':
          return runOf(id)?.workspaceId ?? null;
        case 'message': {
          const message = byId(queue.list(), id);
          return message ? sessionPlace(message.sessionId) : null;
        }
      }
    },
    workspace: (id) => byId(workspaces.list(), id) ?? null,
    hostOfOperation(name) {
      const host = operations.list().operations.find((one) => one.name === name)?.host ?? null;
      return host === 'workspace' ? null : host;
    },
    hostOf: (kind, id) => (kind === 'run' ? runOf(id)?.hostId : approvalOf(id)?.hostId) ?? null,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
