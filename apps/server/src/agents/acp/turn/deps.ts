import type { McpServer } from '@agentclientprotocol/sdk';
import type { HostAgents } from '../../../host-agents/host-agents.ts';
import type { HostTasks } from '../../../host-tasks/host-tasks.ts';
import type { Log } from '../../../logging/log.ts';
import type { Vault } from '../../../secrets/vault.ts';
import type { Database } from '../../../store/database.ts';
import type { AgentPlace } from '../../agent.ts';

/** How long an agent has, in milliseconds; time without contact to its host does not count. */
export interface AcpTiming {
  /** For its first answer: it may be fetched before it starts. */
  readonly startMs: number;
  /** For a conversation to be new or taken up. */
  readonly openMs: number;
  /** For a setting, a list. */
  readonly answerMs: number;
  /** For a sign-in that a person completes in a browser. */
  readonly loginMs: number;
  /** Without a word between turns, after which one that can take its conversation up gives its program back. */
  readonly idleMs: number;
  /** To end its turn after it was told to, before it is ended itself. */
  readonly cancelMs: number;
}

export const ACP_TIMING: AcpTiming = {
  startMs: 180_000,
  openMs: 120_000,
  answerMs: 30_000,
  loginMs: 600_000,
  idleMs: 30 * 60_000,
  cancelMs: 5_000,
};

/** MCP servers of a project for an agent, and those that it does not get. */
export interface GivenServers {
  readonly servers: readonly McpServer[];
  readonly leftOut: readonly LeftOut[];
}

/** `why` goes on after “it was not given to the agent:”. */
interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** What agents of the protocol need of the rest of the server. */
export interface AcpDeps {
  readonly db: Database;
  /** Seals what is kept for the next server and may hold a secret. */
  readonly vault: Vault;
  readonly hostTasks: HostTasks;
  readonly hostAgents: Pick<HostAgents, 'startCommand'>;
  readonly timing: AcpTiming;
  /** MCP servers that an agent is given with its conversation. */
  readonly mcpServers: (place: AgentPlace) => Promise<GivenServers>;
  readonly log?: Pick<Log, 'warn'> | undefined;
}
