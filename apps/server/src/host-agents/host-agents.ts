/** The agents of each host: which are there, how they are installed, and what starts them. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type AgentId, type AgentKind, BUILTIN_AGENT, type HostAgent } from '@farhand/shared/model/agents';
import type { HostId } from '@farhand/shared/model/hosts';
import type { TerminalId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { StateFeed } from '../feed/state-feed.ts';
import type { Database } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { ACP_AGENTS } from './acp-catalogue.ts';
import { type CustomAgent, createCustomAgents } from './custom-agents.ts';
import type { Findings } from './findings.ts';
import { lookAtHost } from './look.ts';
import { SHOWN_BUILTIN, shownCustom, shownEntry } from './shown-agent.ts';
import { TERMINAL_AGENTS } from './terminal-catalogue.ts';
import { EXTEND_PATH, WITH_PATH } from './user-path.ts';

/** What starts an agent on its host: a text for the host's `sh`. For one of the catalogue it is one plain command. */
interface AgentStart {
  readonly name: string;
  readonly command: string;
}

export interface HostAgents {
  /** Throws `agent.unknown` for one that no session can have: unknown here, or of a terminal. */
  checkSpeaks(agent: AgentId): void;
  /** Every agent that is known, as this host has it: found within the last ten minutes, or now with `refresh`. `unknown` where the host is away. Throws `host.invalid_name`. */
  list(hostId: HostId, refresh: boolean): Promise<HostAgent[]>;
  /** Runs one of its installs in a terminal of the workspace; at its end the host is looked at anew. Throws `agent.unknown`, `agent.unknown_install`, and as `Terminals.open`. */
  install(workspaceId: WorkspaceId, agent: AgentId, installId: string): Promise<Terminal>;
  add(agent: Omit<CustomAgent, 'id'>): AgentId;
  /** Forgets a command of a person's own. Throws `agent.unknown`. */
  remove(agent: AgentId): void;
  /** For one that speaks the protocol over stdio. Throws `agent.unknown`, `agent.not_installed`, `host.*`. */
  startCommand(agent: AgentId, runtime: Runtime): Promise<AgentStart>;
  /** For one in a terminal. Throws as `startCommand`. */
  terminalCommand(agent: AgentId, runtime: Runtime): Promise<AgentStart>;
}

interface HostAgentsDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly runtimes: Pick<Runtimes, 'for'>;
  readonly workspaces: Pick<Workspaces, 'ready'>;
  readonly terminals: Pick<Terminals, 'open' | 'get'>;
}

const KEPT_MS = 10 * 60_000;
const INSTALL_SIZE = { rows: 24, cols: 100 };
const CATALOGUE = [...ACP_AGENTS, ...TERMINAL_AGENTS];

interface Look {
  readonly at: number;
  readonly findings: Promise<Findings | null>;
}

export function createHostAgents({ db, feed, runtimes, workspaces, terminals }: HostAgentsDeps): HostAgents {
  const custom = createCustomAgents(db);
  const looks = new Map<HostId, Look>();
  const installing = new Map<TerminalId, HostId>();

  const look = (runtime: Runtime): Promise<Findings | null> => {
    const findings = lookAtHost(runtime, CATALOGUE, custom.all());
    const made = { at: performance.now(), findings };
    looks.set(runtime.hostId, made);
    const forget = () => looks.get(runtime.hostId) === made && looks.delete(runtime.hostId);
    // A host that was away is asked again the next time.
    findings.then((found) => found === null && forget(), forget);
    return findings;
  };
  const kept = (runtime: Runtime): Promise<Findings | null> => {
    const known = looks.get(runtime.hostId);
    return known && performance.now() - known.at < KEPT_MS ? known.findings : look(runtime);
  };
  const shownOf = (id: AgentId, findings: Findings | null): HostAgent | null => {
    const entry = CATALOGUE.find((one) => one.id === id);
    if (entry) return shownEntry(entry, findings);
    const own = custom.all().find((one) => one.id === id);
    return own ? shownCustom(own, findings) : null;
  };
  const start = async (id: AgentId, kind: AgentKind, runtime: Runtime): Promise<AgentStart> => {
    if (shownOf(id, null)?.kind !== kind) throw unknownAgent(id);
    const before = looks.get(runtime.hostId);
    let found = shownOf(id, await kept(runtime));
    // It may have been installed by hand since then.
    if (found?.state === 'missing' && before) found = shownOf(id, await look(runtime));
    if (found === null) throw unknownAgent(id);
    if (found.state === 'unknown')
      throw new FarhandError('host.unreachable', { details: { hostId: runtime.hostId } });
    if (found.state === 'missing' || found.command === null) throw notInstalled(found, runtime.hostId);
    const prefix = found.isCustom ? `${EXTEND_PATH}\n` : `${WITH_PATH} ${variablesOf(id)}`;
    return { name: found.name, command: `${prefix}${found.command}` };
  };

  const ended = (id: TerminalId) => {
    const hostId = installing.get(id);
    if (hostId === undefined) return;
    installing.delete(id);
    looks.delete(hostId);
  };
  feed.watch((change) => {
    if (change.type === 'removed') return ended(change.id as TerminalId);
    if (change.entity.kind === 'terminal' && change.entity.value.exit !== null) ended(change.entity.value.id);
  });

  return {
    checkSpeaks(agent) {
      if (agent !== BUILTIN_AGENT && shownOf(agent, null)?.kind !== 'acp') throw unknownAgent(agent);
    },
    async list(hostId, refresh) {
      const runtime = runtimes.for(hostId);
      const findings = await (refresh ? look(runtime) : kept(runtime));
      return [
        SHOWN_BUILTIN,
        ...CATALOGUE.map((entry) => shownEntry(entry, findings)),
        ...custom.all().map((one) => shownCustom(one, findings)),
      ];
    },
    async install(workspaceId, agent, installId) {
      const entry = CATALOGUE.find(({ id }) => id === agent);
      if (!entry) throw unknownAgent(agent);
      const chosen = entry.installs.find(({ id }) => id === installId);
      if (!chosen) throw new FarhandError('agent.unknown_install', { details: { agent, installId } });
      const { hostId } = workspaces.ready(workspaceId).workspace;
      const terminal = await terminals.open(workspaceId, INSTALL_SIZE, {
        title: `Install ${entry.name}`,
        command: `${EXTEND_PATH}\nprintf '$ %s\\n' '${chosen.command}'\n${chosen.command}`,
        agent: null,
      });
      installing.set(terminal.id, hostId);
      // It may have ended before it was watched for.
      if (terminals.get(terminal.id).exit !== null) ended(terminal.id);
      return terminal;
    },
    add(agent) {
      const id = custom.add(agent);
      // Whether its program is there has not been looked at.
      looks.clear();
      return id;
    },
    remove(agent) {
      if (!custom.remove(agent)) throw unknownAgent(agent);
    },
    startCommand: (agent, runtime) => start(agent, 'acp', runtime),
    terminalCommand: (agent, runtime) => start(agent, 'terminal', runtime),
  };
}

function variablesOf(id: AgentId): string {
  const { environment = {} } = CATALOGUE.find((entry) => entry.id === id) ?? {};
  return Object.entries(environment)
    .map(([name, value]) => `${name}="\${${name}:-${value}}" `)
    .join('');
}

function unknownAgent(agent: AgentId): FarhandError {
  return new FarhandError('agent.unknown', { details: { agent } });
}

function notInstalled({ id, name, installs, command }: HostAgent, hostId: HostId): FarhandError {
  const [first] = installs;
  return new FarhandError('agent.not_installed', {
    message: `${name} is not installed on ${hostId}.`,
    details: { hostId, agent: id },
    hint: first
      ? `Install it from the list of agents, or run there: ${first.command}`
      : `Put \`${command?.split(' ', 1)[0] ?? name}\` on the PATH of the host’s login shell.`,
  });
}
