import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { getRequestListener } from '@hono/node-server';
import type { Access } from '../access/access.ts';
import { type AppDeps, createApp } from './app.ts';
import { createSockets, refuseUpgrade, type Sockets, type SocketsDeps } from './socket/sockets.ts';

export interface ApiDeps extends AppDeps, SocketsDeps {}

/** HTTP and WebSocket on one port. */
export interface Api {
  /** The port it listens on then; 0 takes a free one. Throws `server.port_in_use`. */
  listen(hostname: string, port: number): Promise<number>;
  /** Ends sockets and requests; takes half a second at most. */
  close(): Promise<void>;
}

/** Long enough for headers over a slow line, short enough that silent connections do not pile up. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How long requests that are being answered may still take when the server stops. */
const CLOSE_GRACE_MS = 500;

export function createApi(deps: ApiDeps): Api {
  const app = createApp(deps);
  const sockets = createSockets(deps);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => void listener(request, response));
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.on('upgrade', (request, socket, head) => upgrade(deps, sockets, { request, socket, head }));
  return {
    listen: (hostname, port) => listen(server, hostname, port),
    async close() {
      sockets.close();
      const mcp = deps.mcp.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS).unref();
      await Promise.all([mcp, closed]);
    },
  };
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

function upgrade(
  { access, development }: ApiDeps,
  sockets: Sockets,
  { request, socket, head }: Upgrade,
): void {
  // A peer that resets in the middle must not end the process.
  socket.on('error', () => socket.destroy());
  try {
    const caller = admit(access, request);
    const path = request.url?.split('?')[0];
    if (path === '/ws') sockets.accept(request, socket, head, caller);
    else if (development && path?.startsWith('/_next/')) development.upgrade(request, socket, head);
    else throw new FarhandError('request.unknown_call');
  } catch (thrown) {
    refuseUpgrade(socket, thrown);
  }
}

function admit(access: Access, request: IncomingMessage) {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : null;
  };
  access.check({ method: request.method ?? 'GET', isUpgrade: true, header });
  const caller = access.caller(header, request.socket.remoteAddress ?? null);
  if (!caller) throw new FarhandError('access.denied');
  return caller;
}

function listen(server: Server, hostname: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new FarhandError('server.port_in_use', {
              message: `Port ${port} is taken by another program.`,
              details: { port },
              cause,
            })
          : cause,
      );
    server.once('error', onError);
    server.listen(port, hostname, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
