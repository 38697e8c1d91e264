import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

/** The web app from its sources, by Next's development mode in this process. */
export interface DevelopmentPage {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Next's own WebSocket, by which a changed file reaches the page. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** What is used of Next, which belongs to the web app and is no dependency of the server. */
type Next = (options: { dev: boolean; dir: string; hostname: string; port: number; httpServer: Server }) => {
  prepare(): Promise<void>;
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  close(): Promise<void>;
};

/**
 * Next for the web app in `directory`, started at the first request: it takes seconds and some hundred megabytes.
 * `port` is asked then.
 */
export function createDevelopmentPage(
  directory: string,
  address: { hostname: string; port: () => number },
): DevelopmentPage {
  let started: Promise<DevelopmentPage> | undefined;
  const handlers = () => (started ??= startNext(directory, address.hostname, address.port()));
  return {
    answer: async (request, response) => (await handlers()).answer(request, response),
    upgrade(request, socket, head) {
      handlers().then(
        (page) => page.upgrade(request, socket, head),
        () => socket.destroy(),
      );
    },
    close: async () => (await started)?.close(),
  };
}

async function startNext(dir: string, hostname: string, port: number): Promise<DevelopmentPage> {
  const next = createRequire(join(dir, 'package.json'))('next') as Next;
  // From its first answer on Next takes every upgrade of the server that it knows. So it knows another one, which never
  // listens and is handed Next's own upgrades alone; its getUpgradeHandler() does not lead to the one for changed files.
  const httpServer = createServer();
  const app = next({ dev: true, dir, hostname, port, httpServer });
  await app.prepare();
  return {
    answer: app.getRequestHandler(),
    upgrade: (request, socket, head) => {
      if (!httpServer.emit('upgrade', request, socket, head)) socket.destroy();
    },
    close: () => app.close(),
  };
}
