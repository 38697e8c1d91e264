import { decodeOutput, type OutputFrame } from '@farhand/shared/protocol/binary';
import type { ClientFrame, ServerFrame } from '@farhand/shared/protocol/frames';
import { PROTOCOL_VERSION } from '@farhand/shared/protocol/version';
import { retryDelayMs } from './backoff.ts';
import type { ServerConnection } from './connection-store.ts';

/** The part of a browser's WebSocket that is used here. */
export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'addEventListener' | 'binaryType'>;

interface Deps {
  openSocket(): SocketLike;
  /** Asked when a socket ended before its hello, which does not tell why. */
  isSignedOut(): Promise<boolean>;
  onConnection(connection: ServerConnection): void;
  onHello(hello: ServerFrame & { type: 'hello' }): void;
  onLost(): void;
  onFrame(frame: ServerFrame): void;
  onOutput(frame: OutputFrame): void;
  onLatency(latencyMs: number): void;
}

/** One socket at a time, opened again for ever until the page is signed out or too old. */
export interface SocketConnection {
  open(): void;
  /** False where there is no connection: the frame is not kept. */
  send(frame: ClientFrame): boolean;
  /** Connects now, without waiting for the countdown. Does nothing while connected. */
  retryNow(): void;
}

// The first snapshot keeps the page busy, which a round trip measured at once would show as a slow server.
const FIRST_PING_MS = 1_500;
const PING_EVERY_MS = 15_000;
// A laptop that wakes has a socket that looks open; silence for this long after a ping means that it is not.
const PONG_WITHIN_MS = 10_000;

export function createSocketConnection(deps: Deps): SocketConnection {
  let socket: SocketLike | null = null;
  let isReady = false;
  let attempt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let pingTimer: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    const opened = deps.openSocket();
    socket = opened;
    opened.binaryType = 'arraybuffer';
    opened.addEventListener('message', ({ data }) => {
      if (socket === opened) receive(data);
    });
    opened.addEventListener('close', () => {
      if (socket === opened) void lost();
    });
  }

  function receive(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      const frame = decodeOutput(new Uint8Array(data));
      if (frame) deps.onOutput(frame);
      return;
    }
    // The server that sends the frames also served this page: they are taken by their type.
    const frame = JSON.parse(String(data)) as ServerFrame;
    if (frame.type === 'hello') hello(frame);
    else if (frame.type === 'pong') ponged(frame.at);
    else deps.onFrame(frame);
  }

  function hello(frame: ServerFrame & { type: 'hello' }): void {
    if (frame.protocol !== PROTOCOL_VERSION) {
      drop();
      deps.onConnection({ state: 'outdated' });
      return;
    }
    attempt = 0;
    isReady = true;
    deps.onConnection({ state: 'connected' });
    deps.onHello(frame);
    pingTimer = setTimeout(ping, FIRST_PING_MS);
  }

  function ping(): void {
    send({ type: 'ping', at: performance.now() });
    pingTimer = setTimeout(() => void lost(), PONG_WITHIN_MS);
  }

  function ponged(at: number): void {
    clearTimeout(pingTimer);
    deps.onLatency(performance.now() - at);
    pingTimer = setTimeout(ping, PING_EVERY_MS);
  }

  function drop(): void {
    clearTimeout(pingTimer);
    const dropped = socket;
    socket = null;
    isReady = false;
    dropped?.close();
  }

  async function lost(): Promise<void> {
    const hadHello = isReady;
    drop();
    attempt += 1;
    const waiting = attempt;
    if (hadHello) deps.onLost();
    const delayMs = retryDelayMs(attempt);
    deps.onConnection({ state: 'retrying', attempt, nextAt: Date.now() + delayMs });
    retryTimer = setTimeout(open, delayMs);
    if (hadHello || !(await deps.isSignedOut())) return;
    // A retry that began meanwhile finds out for itself.
    if (waiting !== attempt || isReady) return;
    clearTimeout(retryTimer);
    drop();
    deps.onConnection({ state: 'signed_out' });
  }

  function send(frame: ClientFrame): boolean {
    if (!socket || !isReady) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function retryNow(): void {
    if (retryTimer === undefined || isReady) return;
    deps.onConnection({ state: 'connecting' });
    open();
  }

  return { open, send, retryNow };
}
