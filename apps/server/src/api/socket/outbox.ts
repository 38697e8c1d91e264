import type { ServerFrame } from '@farhand/shared/protocol/frames';
import type { WebSocket } from 'ws';

/** Bytes waiting for a slow browser above which sources stop, and below which they go on. */
const CONGESTED_BYTES = 1024 * 1024;
const DRAINED_BYTES = 256 * 1024;

/**
 * What goes out on one socket. It never refuses and never drops: sources look at `isCongested` before they send more,
 * so that a browser that does not read costs bounded memory.
 */
export interface Outbox {
  send(frame: ServerFrame): void;
  /** A frame that is JSON already. */
  sendText(json: string): void;
  sendBytes(bytes: Uint8Array): void;
  readonly isCongested: boolean;
  readonly isClosed: boolean;
  /** Resolves when there is room again, or the socket is closed. */
  drained(): Promise<void>;
}

export function createOutbox(socket: WebSocket): Outbox {
  let waiting: (() => void)[] = [];
  const isClosed = () => socket.readyState !== socket.OPEN;
  const wakeIfDrained = () => {
    if (waiting.length === 0 || (!isClosed() && socket.bufferedAmount > DRAINED_BYTES)) return;
    const awake = waiting;
    waiting = [];
    for (const wake of awake) wake();
  };
  socket.on('close', wakeIfDrained);
  const write = (message: string | Uint8Array) => {
    // The callback comes when the kernel has taken the message, or with an error that `close` also tells.
    if (!isClosed()) socket.send(message, wakeIfDrained);
  };
  return {
    send: (frame) => write(JSON.stringify(frame)),
    sendText: write,
    sendBytes: write,
    get isCongested() {
      return socket.bufferedAmount > CONGESTED_BYTES;
    },
    get isClosed() {
      return isClosed();
    },
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        wakeIfDrained();
      }),
  };
}
