import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { boundedFetch } from './bounded-fetch.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Seen {
  readonly path: string | undefined;
  readonly token: string | undefined;
  readonly body: string;
}

/** A server whose paths send on; `/` and all others answer. */
async function serve(sendsOn: Record<string, readonly [number, string]> = {}) {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece);
    const body = Buffer.concat(pieces).toString('utf8');
    seen.push({ path: incoming.url, token: incoming.headers.authorization, body });
    const [status, location] = sendsOn[incoming.url ?? ''] ?? [200, null];
    response.writeHead(status, location === null ? {} : { location }).end('answer');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const ask = async (url: string) => {
  const response = await boundedFetch(new URL(url), () => 'token')(url, { method: 'POST', body: 'question' });
  return response.text();
};

describe('the fetch of MCP servers', () => {
  it('follows a server within its own origin, with the token and the body', async () => {
    const { url, seen } = await serve({ '/mcp': [307, '/mcp/'] });
    expect(await ask(`${url}/mcp`)).toBe('answer');
    expect(seen).toEqual(
      ['/mcp', '/mcp/'].map((path) => ({ path, token: 'Bearer token', body: 'question' })),
    );
  });

  it.each([301, 302, 303, 307, 308])(
    'asks nothing of another origin that it is sent on to: %s',
    async (status) => {
      const other = await serve();
      const { url } = await serve({ '/mcp': [status, `${other.url}/inside`] });
      await expect(ask(`${url}/mcp`)).rejects.toThrow('sends on to another address');
      expect(other.seen).toEqual([]);
    },
  );

  it('is not sent round in circles', async () => {
    const { url, seen } = await serve({ '/mcp': [307, '/mcp'] });
    await expect(ask(`${url}/mcp`)).rejects.toThrow('sends on to another address');
    expect(seen).toHaveLength(4);
  });
});
