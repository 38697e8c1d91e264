import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { PROTOCOL_VERSION } from '@farhand/shared/protocol/version';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Access, Caller } from '../../access/access.ts';
import type { Log } from '../../logging/log.ts';
import type { TokenGate } from '../token-gate.ts';
import { serveConnection, type Topics } from './connection.ts';
import { freeView, limitedView } from './view.ts';

export interface SocketsDeps {
  readonly topics: Topics;
  readonly gate: TokenGate;
  readonly access: Access;
  readonly log: Log;
  readonly version: string;
  readonly serverId: string;
}

/** The WebSockets of the server. */
export interface Sockets {
  /** Takes over a request that the front door let in. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, caller: Caller): void;
  /** Says goodbye (1001) and ends all. */
  close(): void;
}

/** The largest frame a client sends: a paste of a million letters, each of which JSON may write as several bytes. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;
/** Two of these without an answer, and the browser is taken to be gone. */
const HEARTBEAT_MS = 20_000;
const GOING_AWAY = 1001;
const SIGNED_OUT = 1008;

export function createSockets({ topics, gate, access, log, version, serverId }: SocketsDeps): Sockets {
  const viewOf = (caller: Caller) =>
    caller.kind === 'token' ? limitedView(topics, gate, caller.token) : freeView(topics);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
  });
  const logins = new Map<WebSocket, string>();
  const heartbeat = createHeartbeat(server);

  const unwatch = access.watchLogouts((tokenHash) => {
    for (const [socket, login] of logins) if (login === tokenHash) socket.close(SIGNED_OUT, 'signed out');
  });
  const open = (socket: WebSocket, caller: Caller) => {
    if (caller.kind !== 'cli') logins.set(socket, caller.tokenHash);
    socket.on('close', () => logins.delete(socket));
    heartbeat.watch(socket);
    serveConnection(socket, viewOf(caller), log).send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      version,
      serverId,
    });
  };
  return {
    accept: (request, socket, head, caller) =>
      server.handleUpgrade(request, socket, head, (opened) => open(opened, caller)),
    close() {
      heartbeat.stop();
      unwatch();
      for (const socket of server.clients) {
        socket.close(GOING_AWAY, 'server stops');
        // A browser that does not answer must not hold the server back.
        setTimeout(() => socket.terminate(), 500).unref();
      }
      server.close();
    },
  };
}

function createHeartbeat(server: WebSocketServer) {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      socket.ping();
    }
  }, HEARTBEAT_MS);
  timer.unref();
  return {
    watch(socket: WebSocket) {
      const heard = () => silent.delete(socket);
      socket.on('pong', heard);
      socket.on('message', heard);
    },
    stop: () => clearInterval(timer),
  };
}

/** Answers an upgrade that is not let in, and hangs up. */
export function refuseUpgrade(socket: Duplex, thrown: unknown): void {
  const { code, message } = FarhandError.from(thrown);
  const status =
    code === 'access.denied'
      ? '401 Unauthorized'
      : code.startsWith('access.')
        ? '403 Forbidden'
        : '404 Not Found';
  const body = `${message}\n`;
  const head = [`HTTP/1.1 ${status}`, 'Connection: close', 'Content-Type: text/plain; charset=utf-8'];
  socket.end(`${[...head, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
}
