import type { Scope } from '@farhand/shared/model/tokens';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { ServedFarhand } from './served-farhand.ts';

type Facts = Record<string, unknown>;
/** Which protocol versions a client tries: the newest that both know, or that of before. */
type Mode = 'auto' | 'legacy';

/** Real MCP clients of a Farhand. */
export interface McpClients {
  /** By streamable HTTP, with a token of its own. */
  byHttp(scopes: Scope[], mode?: Mode): Promise<Client>;
  /** The same with this token. */
  withToken(value: string): Promise<Client>;
  /** By `farhand mcp`. */
  byStdio(mode?: Mode): Promise<Client>;
  /** Ends all of them. */
  close(): Promise<void>;
}

export function mcpClients(farhand: ServedFarhand): McpClients {
  const clients: Client[] = [];
  const connected = async (transport: StdioClientTransport | StreamableHTTPClientTransport, mode: Mode) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    clients.push(client);
    await client.connect(transport);
    return client;
  };
  const http = (value: string) =>
    new StreamableHTTPClientTransport(new URL(`${farhand.url}/mcp`), {
      authProvider: { token: async () => value },
    });
  return {
    byHttp: async (scopes, mode = 'auto') => connected(http((await farhand.token(scopes)).value), mode),
    withToken: (value) => connected(http(value), 'auto'),
    byStdio: (mode = 'auto') =>
      connected(
        new StdioClientTransport({
          ...farhand.program,
          args: [...farhand.program.args, 'mcp', '--as', 'test-client'],
        }),
        mode,
      ),
    async close() {
      for (const client of clients.splice(0)) await client.close();
    },
  };
}

/** What a tool answers as structure; throws for an error. */
export async function use(client: Client, name: string, args: Facts, options = {}): Promise<Facts> {
  const result = await client.callTool({ name, arguments: args }, options);
  if (result.isError) throw new Error(JSON.stringify(result.content));
  return result.structuredContent as Facts;
}

/** All that a tool says of its error; null where it has none. */
export async function failure(client: Client, name: string, args: Facts): Promise<string | null> {
  const result = await client.callTool({ name, arguments: args });
  const { content, _meta: meta } = result;
  return result.isError ? JSON.stringify([content, meta]) : null;
}

/** Sorted. */
export async function toolNames(client: Client): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name).toSorted();
}

/** A workspace on the host over ssh, made by a tool and ready, whose policy asks for everything. */
export async function makeWorkspace(farhand: ServedFarhand, clients: McpClients) {
  const client = await clients.byHttp(['read', 'write']);
  // What is new to the server a person adds: a token works on what is there.
  const { project } = await farhand.call('project.add', { source: farhand.repository });
  const { workspace } = await use(client, 'workspace_create', {
    project: project.name,
    host: farhand.sshd.alias,
    name: 'fix',
    waitSeconds: 30,
  });
  const made = workspace as { workspaceId: string; directory: string; state: string; host: string };
  const workspaceId = made.workspaceId as never;
  await farhand.call('workspace.set_policy', { workspaceId, policy: 'ask_all' });
  return made;
}
