import type { ServerFrame } from '@farhand/shared/protocol/frames';
import { PROTOCOL_VERSION } from '@farhand/shared/protocol/version';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerConnection } from './connection-store.ts';
import { createSocketConnection, type SocketLike } from './socket-connection.ts';

class FakeSocket extends EventTarget implements SocketLike {
  binaryType: BinaryType = 'blob';
  readonly sent: unknown[] = [];
  isClosed = false;
  send(data: unknown): void {
    this.sent.push(JSON.parse(String(data)));
  }
  close(): void {
    this.isClosed = true;
  }
  receive(frame: ServerFrame): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }
  end(): void {
    this.dispatchEvent(new Event('close'));
  }
}

function opened(isSignedOut = false) {
  const sockets: FakeSocket[] = [];
  const states: ServerConnection[] = [];
  const onLost = vi.fn();
  const connection = createSocketConnection({
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    isSignedOut: () => Promise.resolve(isSignedOut),
    onConnection: (state) => states.push(state),
    onHello: vi.fn(),
    onLost,
    onFrame: vi.fn(),
    onOutput: vi.fn(),
    onLatency: vi.fn(),
  });
  connection.open();
  const socket = () => sockets.at(-1) ?? new FakeSocket();
  const hello = (protocol = PROTOCOL_VERSION) =>
    socket().receive({ type: 'hello', protocol, version: '1', serverId: 'a' });
  return { connection, sockets, socket, states, hello, onLost, state: () => states.at(-1) };
}

describe('createSocketConnection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is connected by the hello, and sends nothing before it', () => {
    const { connection, hello, state } = opened();
    expect(connection.send({ type: 'ping', at: 0 })).toBe(false);
    hello();
    expect(state()).toEqual({ state: 'connected' });
    expect(connection.send({ type: 'ping', at: 0 })).toBe(true);
  });

  it('never gives up, and waits longer from try to try up to 15 s', async () => {
    const { sockets, socket, states } = opened();
    for (let tries = 0; tries < 50; tries += 1) {
      socket().end();
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(sockets).toHaveLength(51);
    expect(states.at(-1)).toMatchObject({ state: 'retrying', attempt: 50 });
  });

  it('says when it tries next, and begins from the shortest wait after a hello', async () => {
    const { socket, hello, state, onLost } = opened();
    socket().end();
    await vi.advanceTimersByTimeAsync(15_000);
    hello();
    socket().end();
    expect(onLost).toHaveBeenCalledOnce();
    expect(state()).toMatchObject({ state: 'retrying', attempt: 1 });
  });

  it('connects at once when asked to', async () => {
    const { connection, sockets, socket } = opened();
    socket().end();
    connection.retryNow();
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(sockets).toHaveLength(2);
  });

  it('stops where the browser is signed out', async () => {
    const { sockets, socket, state } = opened(true);
    socket().end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state()).toEqual({ state: 'signed_out' });
    expect(sockets).toHaveLength(1);
  });

  it('stops where the page is older than the server', async () => {
    const { sockets, hello, state } = opened();
    hello(PROTOCOL_VERSION + 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state()).toEqual({ state: 'outdated' });
    expect(sockets).toHaveLength(1);
  });

  it('takes a socket that answers no ping as lost', async () => {
    const { sockets, hello, onLost } = opened();
    hello();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(onLost).toHaveBeenCalledOnce();
    expect(sockets[0]?.isClosed).toBe(true);
  });
});
