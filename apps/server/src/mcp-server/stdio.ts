import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from './server.ts';
import type { McpCall } from './tool.ts';

/** What is longer is kept by nobody: the server takes no call of more than a mebibyte. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const LONGEST_WARNING = 200;

/**
 * Speaks MCP on stdin and stdout until stdin ends. The server is the running one: where there is none it throws
 * `server.not_running`, and later on tools answer so until there is one again. Throws `request.too_large` for a message
 * of more than 4 MiB. `warn` gets a line for each message that nobody can answer.
 */
export async function serveMcpOnStdio(call: McpCall, warn: (text: string) => void): Promise<void> {
  const { scopes } = await call('access.whoami', {});
  const wire = new ToldTransport(process.stdin, process.stdout, { maxBufferSize: MAX_MESSAGE_BYTES });
  const handle = serveStdio(() => createMcpServer({ call, scopes }), {
    transport: wire,
    onerror: ({ message }) => warn(`A message was not understood: ${oneLine(message)}`),
  });
  await wire.closed;
  await handle.close();
  const { stdin, stdout } = process;
  // It stops to listen by itself where what comes has no end.
  if (!stdin.readableEnded && !stdin.destroyed && stdout.writable)
    throw new FarhandError('request.too_large', { message: 'The client sent a message of more than 4 MiB.' });
}

class ToldTransport extends StdioServerTransport {
  #onClosed = () => {};
  /** Resolves when it listens no more, for whatever reason. */
  readonly closed = new Promise<void>((resolve) => (this.#onClosed = resolve));

  override async close(): Promise<void> {
    await super.close();
    this.#onClosed();
  }
}

const oneLine = (text: string) => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, LONGEST_WARNING);
