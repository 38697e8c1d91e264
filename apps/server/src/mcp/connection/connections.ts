import type { SessionId } from '@farhand/shared/model/ids';
import type { McpServer } from '@farhand/shared/model/mcp';
import type { AgentTurn } from '../../agents/agent.ts';
import { httpTransport, McpConnection, type McpTiming } from './connection.ts';
import { JobTransport } from './job-transport.ts';
import { mcpJobId } from './mcp-job-id.ts';

interface Entry {
  readonly connection: McpConnection;
  /** As it was set up: another address or command is another server. */
  readonly setUp: string;
  /** The last one that used it: by its place the program starts anew. */
  turn: AgentTurn;
  readonly sessions: Set<SessionId>;
  working: number;
  timer: NodeJS.Timeout | null;
}

/** A server, and the name of the sandbox profile it runs in. */
interface Wanted {
  readonly server: McpServer;
  readonly sandbox: string;
}

/** What a turn does with a server. */
type Use<Value> = (connection: McpConnection) => Promise<Value>;

/** The servers in use, one for each workspace, sandbox and name; sessions in the same sandbox share them. */
export class McpConnections {
  readonly #timing: McpTiming;
  readonly #entries = new Map<string, Entry>();

  constructor(timing: McpTiming) {
    this.#timing = timing;
  }

  /** Does `work` with the server of the turn's workspace, which stays up for a while after it. */
  async use<Value>(turn: AgentTurn, server: McpServer, work: Use<Value>): Promise<Value> {
    const sandbox = turn.place.sandbox();
    const key = `${turn.place.workspaceId} ${sandbox} ${server.name}`;
    const entry = this.#entry(key, turn, { server, sandbox });
    entry.turn = turn;
    entry.sessions.add(turn.sessionId);
    entry.working += 1;
    if (entry.timer) clearTimeout(entry.timer);
    try {
      return await work(entry.connection);
    } finally {
      entry.working -= 1;
      if (entry.working === 0 && this.#entries.get(key) === entry) this.#rest(key, entry);
    }
  }

  /** Ends what no other session uses. */
  release(sessionId: SessionId): void {
    for (const [key, entry] of this.#entries) {
      if (entry.sessions.delete(sessionId) && entry.sessions.size === 0) this.#end(key, entry);
    }
  }

  /** Leaves programs on their hosts. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { timer } of entries) if (timer) clearTimeout(timer);
    await Promise.all(entries.map(({ connection }) => connection.detach()));
  }

  #entry(key: string, turn: AgentTurn, { server, sandbox }: Wanted): Entry {
    const setUp = JSON.stringify(server.transport);
    const known = this.#entries.get(key);
    if (known?.setUp === setUp) return known;
    if (known) this.#end(key, known);
    const connection = new McpConnection(() => transportOf(made.turn, { server, sandbox }), this.#timing);
    const made: Entry = { connection, setUp, turn, sessions: new Set(), working: 0, timer: null };
    this.#entries.set(key, made);
    return made;
  }

  #rest(key: string, entry: Entry): void {
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = setTimeout(() => this.#end(key, entry), this.#timing.idleMs);
    entry.timer.unref();
  }

  #end(key: string, entry: Entry): void {
    if (entry.timer) clearTimeout(entry.timer);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    void entry.connection.close();
  }
}

function transportOf({ place, secrets }: AgentTurn, { server: { name, transport }, sandbox }: Wanted) {
  if (transport.kind === 'http') {
    const { url, secret } = transport;
    return httpTransport({
      url,
      token: () => (secret === null ? null : (secrets.environment()[secret] ?? null)),
    });
  }
  return new JobTransport(place.runtime, {
    id: mcpJobId(place.workspaceId, name, sandbox),
    command: { script: transport.command },
    cwd: place.directory,
    env: secrets.environment(),
    label: place.workspaceId,
  });
}
