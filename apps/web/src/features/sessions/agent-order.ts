import type { AgentId, HostAgent } from '@farhand/shared/model/agents';
import { BUILTIN_AGENT } from '../../client/ids.ts';

/** The agents of a host as a person chooses from them. */
export interface AgentChoices {
  /** Those that can begin at once: the built-in one first, then the person's own, then by name. */
  readonly ready: readonly HostAgent[];
  /** Those that are not on the host, the ones that can be installed first. */
  readonly missing: readonly HostAgent[];
}

/** `agents` in the order of a list to choose from. One of an away host may be there: it counts as ready. */
export function agentChoices(agents: readonly HostAgent[]): AgentChoices {
  const byName = (a: HostAgent, b: HostAgent) => a.name.localeCompare(b.name);
  const rank = ({ id, isCustom }: HostAgent) => (id === BUILTIN_AGENT ? 0 : isCustom ? 1 : 2);
  const isMissing = ({ state }: HostAgent) => state === 'missing';
  const canInstall = ({ installs }: HostAgent) => Number(installs.length > 0);
  return {
    ready: agents.filter((agent) => !isMissing(agent)).toSorted((a, b) => rank(a) - rank(b) || byName(a, b)),
    missing: agents.filter(isMissing).toSorted((a, b) => canInstall(b) - canInstall(a) || byName(a, b)),
  };
}

/** The agent that the list begins at: the one chosen last where it is ready, otherwise the built-in one. */
export function firstAgent({ ready }: AgentChoices, last: AgentId | null): AgentId | null {
  return (ready.find(({ id }) => id === last) ?? ready[0])?.id ?? null;
}
