import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from './server.ts';
import type { McpCall } from './tool.ts';

/**
 * Speaks MCP on stdin and stdout until stdin ends. The server is the running one: where there is none it throws
 * `server.not_running`, and later on tools answer so.
 */
export async function serveMcpOnStdio(call: McpCall): Promise<void> {
  const { scopes } = await call('access.whoami', {});
  const closed = new Promise<void>((resolve) => process.stdin.once('close', resolve).once('end', resolve));
  // What a client sends wrongly is its own affair, and answered on the wire.
  const handle = serveStdio(() => createMcpServer({ call, scopes }), { onerror: () => {} });
  await closed;
  await handle.close();
}
