import { newId } from '@farhand/shared/model/ids';
import type { McpServer } from '@farhand/shared/model/mcp';
import type { Tool as McpTool } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { AgentTurn } from '../../agents/agent.ts';
import { Interrupted, untilInterrupted } from '../../agents/builtin/interrupted.ts';
import {
  type AnyTool,
  type ToolContext,
  ToolFailure,
  type ToolResult,
} from '../../agents/builtin/tools/tool.ts';
import type { Database } from '../../store/database.ts';
import type { McpTiming } from '../connection/connection.ts';
import type { McpConnections } from '../connection/connections.ts';
import { createMcpServers } from '../mcp-servers.ts';
import { toolName } from './tool-names.ts';
import { toolResult } from './tool-result.ts';

/** More are not offered: every one costs room in the context. */
const MOST_TOOLS = 128;
const LONGEST_DESCRIPTION = 2048;
const LONGEST_SCHEMA = 32 * 1024;

/** The tools of a project's MCP servers, for the built-in agent. */
export interface McpTools {
  /** Those of all enabled servers. A server that cannot be used is told in a notice, once, and left out. Throws `Interrupted`. */
  toolsFor(turn: AgentTurn): Promise<AnyTool[]>;
  /** Ends servers that only this session used. */
  release(sessionId: AgentTurn['sessionId']): void;
  /** Leaves programs on their hosts; the next server replaces them. */
  close(): Promise<void>;
}

export function createMcpTools({ db, timing = {} }: { db: Database; timing?: Partial<McpTiming> }): McpTools {
  const servers = createMcpServers(db);
  let loaded: Promise<McpConnections> | null = null;
  // The library is only loaded where a project has servers.
  const load = async () => {
    const [{ McpConnections }, { MCP_TIMING }] = await Promise.all([
      import('../connection/connections.ts'),
      import('../connection/connection.ts'),
    ]);
    return new McpConnections({ ...MCP_TIMING, ...timing });
  };
  return {
    async toolsFor(turn) {
      const enabled = servers.list(turn.place.projectId).filter(({ isEnabled }) => isEnabled);
      if (enabled.length === 0) return [];
      const connections = await (loaded ??= load());
      const found = await untilInterrupted(turn.signal, () =>
        Promise.all(enabled.map((server) => offered(connections, turn, server))),
      );
      const taken = new Set<string>();
      const tools: AnyTool[] = [];
      for (const { server, tool } of found.flat()) {
        const name = toolName(server.name, tool.name, taken);
        if (tools.length >= MOST_TOOLS || taken.has(name)) continue;
        taken.add(name);
        tools.push(anyTool({ connections, turn, server, tool, name }));
      }
      return tools;
    },
    release: (sessionId) => void loaded?.then((connections) => connections.release(sessionId)),
    async close() {
      await (await loaded)?.close();
    },
  };
}

interface Offered {
  readonly server: McpServer;
  readonly tool: McpTool;
}

async function offered(connections: McpConnections, turn: AgentTurn, server: McpServer): Promise<Offered[]> {
  try {
    const tools = await connections.use(turn, server, (connection) => connection.tools());
    return tools.map((tool) => ({ server, tool }));
  } catch (thrown) {
    tellTrouble(turn, server, thrown);
    return [];
  }
}

// Once for each trouble: a server that is down is so in the next turn too.
function tellTrouble(
  { turnId, transcript, readItems, secrets }: AgentTurn,
  server: McpServer,
  thrown: unknown,
): void {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const text = secrets
    .redactor()
    .text(`The MCP server “${server.name}” cannot be used: ${why}. The turn goes on without its tools.`);
  if (readItems().some((item) => item.kind === 'notice' && item.text === text)) return;
  const at = new Date().toISOString();
  transcript.put({ id: newId('item'), turnId, at, kind: 'notice', level: 'warning', text });
}

interface ToolOptions extends Offered {
  readonly connections: McpConnections;
  readonly turn: AgentTurn;
  readonly name: string;
}

const anything = z.record(z.string(), z.unknown());

function anyTool({ connections, turn, server, tool, name }: ToolOptions): AnyTool {
  const shown = `${server.name}: ${oneLine(tool.title ?? tool.annotations?.title ?? tool.name)}`;
  return {
    name,
    description: cut(tool.description ?? '', LONGEST_DESCRIPTION),
    // What a server says of its tools is no promise: nothing is taken for read-only.
    effect: 'change',
    use: 'change',
    input: anything,
    jsonSchema: schemaOf(tool),
    prepare(input) {
      const parsed = anything.safeParse(input ?? {});
      if (!parsed.success) return 'The arguments must be an object.';
      const { data } = parsed;
      const call = (context: ToolContext) => run({ connections, turn, server, tool }, data, context);
      return { title: shown, preview: null, run: call };
    },
  };
}

async function run(
  { connections, turn, server, tool }: Omit<ToolOptions, 'name'>,
  args: Record<string, unknown>,
  { call, host, secrets }: ToolContext,
): Promise<ToolResult> {
  const { signal } = host;
  const onProgress = (message: string) => {
    if (message !== '') call.output(`${secrets.redactor().text(cut(message, 500))}\n`);
  };
  try {
    const result = await connections.use(turn, server, (connection) =>
      untilInterrupted(signal, () => connection.call(tool.name, args, { signal, onProgress })),
    );
    return toolResult(result, secrets.redactor().text);
  } catch (thrown) {
    if (thrown instanceof Interrupted) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new ToolFailure(
      `The MCP server “${server.name}” failed: ${why}. It is not known whether the call took effect: look before you do it again. The next call starts the server anew where it ended; if it fails again, go on without it and say so.`,
    );
  }
}

// Foreign: bounded, and only what says that it is an object.
function schemaOf({ inputSchema }: McpTool): Record<string, unknown> {
  const isFit = inputSchema.type === 'object' && JSON.stringify(inputSchema).length <= LONGEST_SCHEMA;
  return isFit ? inputSchema : { type: 'object' };
}

function oneLine(text: string): string {
  return cut(text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim(), 100);
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
