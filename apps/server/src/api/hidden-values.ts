/** What a token without `admin` does not see of answers and entities: values that a person wrote into settings. */
import type { HostAgent } from '@farhand/shared/model/agents';
import type { Approval } from '@farhand/shared/model/approvals';
import type { Host } from '@farhand/shared/model/hosts';
import type { CallName, CallOutput } from '@farhand/shared/protocol/calls';
import type { Entity } from '@farhand/shared/protocol/frames';
import type { Grant } from '../tokens/reach.ts';

/** Stands where a value was. */
const HIDDEN = '[hidden]';

type Hides = { readonly [Name in CallName]?: (output: CallOutput<Name>, grant: Scopes) => CallOutput<Name> };
type Scopes = Pick<Grant, 'scopes'>;

const OF_CALLS: Hides = {
  'host.list': ({ hosts, ...rest }) => ({ ...rest, hosts: hosts.map(hostWithoutValues) }),
  'operation.list': ({ operations, ...rest }) => ({
    ...rest,
    operations: operations.map((one) => ({ ...one, environment: namesOnly(one.environment) })),
  }),
  'agent.list': ({ agents }) => ({ agents: agents.map(agentWithoutCommand) }),
  'model.list': ({ providers, ...rest }) => ({
    ...rest,
    providers: providers.map((one) => ({ ...one, baseUrl: addressOnly(one.baseUrl) })),
  }),
  'coder.list': ({ url, ...rest }) => ({ ...rest, url: addressOnly(url) }),
  // The rules say all that counts; beside them stand a person's own notes.
  'policy.get': (file) => ({ ...file, text: '' }),
  'approval.list': ({ approvals }, grant) => ({
    approvals: approvals.map((one) => approvalFor(one, grant)),
  }),
};

/** The answer of a call as the token may see it. */
export function withoutValues(call: CallName, output: unknown, grant: Scopes): unknown {
  // The table's keys and the outputs belong together; the compiler cannot follow one key through both.
  const hide = OF_CALLS[call] as ((output: unknown, grant: Scopes) => unknown) | undefined;
  return hide === undefined || isAdmin(grant) ? output : hide(output, grant);
}

/** The entity as the token may see it. */
export function entityWithoutValues(entity: Entity, grant: Scopes): Entity {
  if (isAdmin(grant)) return entity;
  if (entity.kind === 'host') return { ...entity, value: hostWithoutValues(entity.value) };
  if (entity.kind === 'approval') return { ...entity, value: approvalFor(entity.value, grant) };
  return entity;
}

const isAdmin = ({ scopes }: Scopes) => scopes.includes('admin');

function hostWithoutValues(host: Host): Host {
  if (host.record === null) return host;
  return { ...host, record: { ...host.record, environment: namesOnly(host.record.environment) } };
}

const namesOnly = (variables: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(variables).map((name) => [name, HIDDEN]));

// People write keys in front of a program's name.
const agentWithoutCommand = (agent: HostAgent): HostAgent =>
  agent.isCustom ? { ...agent, command: HIDDEN } : agent;

/** What an operation's definition sets stands first in its command, each as `NAME=value ` with its value quoted where need be. */
const SET_FIRST = /^([A-Za-z_]\w*)=(?:[\w@%+=:,./-]|\[secret [^\]]*\]|'[^']*'|\\')*(?: |$)/;

// Who answers sees all that is asked.
function approvalFor(approval: Approval, { scopes }: Scopes): Approval {
  const { subject, agent } = approval;
  if (agent !== null || subject.kind !== 'command' || scopes.includes('approve')) return approval;
  let shown = '';
  let rest = subject.command;
  for (let set = SET_FIRST.exec(rest); set; set = SET_FIRST.exec(rest)) {
    shown += `${set[1]}=${HIDDEN} `;
    rest = rest.slice(set[0].length);
  }
  return { ...approval, subject: { ...subject, command: shown + rest } };
}

function addressOnly(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return isPlain(url) ? url : `${protocol}//${host}${pathname}`;
}

// As it was typed, where it says nothing but a place.
const isPlain = (url: string) => {
  const { username, password, search, hash } = new URL(url);
  return username + password + search + hash === '';
};
