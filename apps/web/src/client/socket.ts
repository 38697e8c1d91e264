import type { TerminalId } from '@farhand/shared/model/ids';
import type { Topic } from '@farhand/shared/protocol/frames';
import { ApiError } from './api-error.ts';
import { call } from './call.ts';
import { connectionStore } from './connection-store.ts';
import { createSocketConnection } from './socket-connection.ts';
import { createSubscriptions, type HandlersOf } from './subscriptions.ts';

interface PendingInput {
  resolve(): void;
  reject(error: ApiError): void;
}

const pendingInputs = new Map<number, PendingInput>();
let lastInputId = 0;

const subscriptions = createSubscriptions((frame) => void connection.send(frame));

const connection = createSocketConnection({
  openSocket: () => new WebSocket(new URL('/ws', location.href.replace(/^http/, 'ws'))),
  isSignedOut: () =>
    call('server.status', {}).then(
      () => false,
      (error: unknown) => ApiError.from(error).code === 'access.denied',
    ),
  onConnection: (state) => connectionStore.setState({ connection: state }),
  onLatency: (latencyMs) => connectionStore.setState({ latencyMs }),
  onHello(hello) {
    connectionStore.setState({ serverVersion: hello.version });
    subscriptions.open();
  },
  onLost() {
    subscriptions.close();
    connectionStore.setState({ latencyMs: null });
    for (const input of pendingInputs.values()) input.reject(ApiError.of('server.unreachable'));
    pendingInputs.clear();
  },
  onOutput: subscriptions.output,
  onFrame(frame) {
    if (frame.type !== 'terminal_input_done') return subscriptions.frame(frame);
    const input = pendingInputs.get(frame.id);
    pendingInputs.delete(frame.id);
    if (frame.error) input?.reject(new ApiError(frame.error));
    else input?.resolve();
  },
});

/** Opens the page's one WebSocket and keeps it open; called once, when the page starts. */
export function startSocket(): void {
  connection.open();
  // A network that came back, or a person who looks again, should not wait for the countdown.
  window.addEventListener('online', connection.retryNow);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.retryNow();
  });
}

/** Connects now, without waiting for the countdown. */
export const retryNow = connection.retryNow;

/**
 * Watches a topic until the returned function is called; after a reconnect it goes on from the last event or byte
 * that was given, so that nothing is missing and nothing comes twice.
 */
export function subscribe<T extends Topic>(topic: T, handlers: HandlersOf<T>): () => void {
  return subscriptions.subscribe(topic, handlers);
}

/**
 * Types into a terminal; resolves when the keys reached the host. Rejects with `server.unreachable` where the
 * connection ended before that was known; the keys are not sent again, as they may have arrived.
 */
export function terminalInput(terminalId: TerminalId, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    lastInputId += 1;
    const id = lastInputId;
    pendingInputs.set(id, { resolve, reject });
    if (connection.send({ type: 'terminal_input', id, terminalId, text })) return;
    pendingInputs.delete(id);
    reject(ApiError.of('server.unreachable'));
  });
}

/** Tells the terminal its size; lost while there is no connection, so send it again when attached. */
export function terminalResize(
  terminalId: TerminalId,
  size: { readonly rows: number; readonly cols: number },
): void {
  connection.send({ type: 'terminal_resize', terminalId, ...size });
}
