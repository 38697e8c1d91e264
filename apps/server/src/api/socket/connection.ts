import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { type ClientFrame, clientFrame } from '@farhand/shared/protocol/frames';
import type { RawData, WebSocket } from 'ws';
import type { Log } from '../../logging/log.ts';
import type { Domains } from '../domains.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { subscribeSession } from './session-subscription.ts';
import { type StateSource, subscribeState } from './state-subscription.ts';
import { createTerminalInput } from './terminal-input.ts';
import { subscribeTerminal } from './terminal-subscription.ts';
import type { View } from './view.ts';

/** What can be subscribed to. */
export interface Topics extends Pick<Domains, 'sessions' | 'transcripts' | 'terminals'> {
  readonly state: StateSource;
}

type Subscribe = Extract<ClientFrame, { type: 'subscribe' }>;

interface Subscription {
  end(): void;
  ack?(bytes: number): void;
}

/** Panes of one window; far more than anyone opens. */
const MAX_SUBSCRIPTIONS = 512;
const POLICY_VIOLATION = 1008;

/** Serves one socket until it closes. A frame that is not of the protocol ends it with `request.invalid` and 1008. */
export function serveConnection(socket: WebSocket, view: View, log: Log): Outbox {
  const outbox = createOutbox(socket);
  const connection = new Connection(socket, outbox, view, log);
  socket.on('message', (message, isBinary) => connection.receive(message, isBinary));
  socket.on('close', () => connection.end());
  // Told by `close` too; without a listener it would end the process.
  socket.on('error', (error) => log.debug('socket.failed', { error }));
  return outbox;
}

class Connection {
  readonly #socket: WebSocket;
  readonly #outbox: Outbox;
  readonly #topics: Topics;
  readonly #view: View;
  readonly #log: Log;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #input: ReturnType<typeof createTerminalInput>;

  constructor(socket: WebSocket, outbox: Outbox, view: View, log: Log) {
    const { topics } = view;
    this.#view = view;
    this.#socket = socket;
    this.#outbox = outbox;
    this.#topics = topics;
    this.#log = log;
    this.#input = createTerminalInput(topics.terminals, socket, outbox);
  }

  receive(message: RawData, isBinary: boolean): void {
    const frame = isBinary ? null : parseFrame(String(message));
    if (!frame) return this.#refuse('This is not a frame of the protocol.');
    switch (frame.type) {
      case 'subscribe':
        return this.#subscribe(frame);
      case 'unsubscribe':
        return this.#unsubscribe(frame.sub);
      case 'ack':
        return this.#subscriptions.get(frame.sub)?.ack?.(frame.bytes);
      case 'terminal_input':
        return this.#type(frame);
      case 'terminal_resize':
        return this.#resize(frame);
      case 'ping':
        return this.#outbox.send({ type: 'pong', at: frame.at });
    }
  }

  end(): void {
    for (const sub of this.#subscriptions.keys()) this.#unsubscribe(sub);
  }

  #subscribe({ sub, topic }: Subscribe): void {
    if (this.#subscriptions.has(sub)) return this.#refuse(`Subscription ${sub} exists already.`);
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS)
      return this.#refuse('There are too many subscriptions.');
    try {
      this.#subscriptions.set(sub, this.#open(sub, topic));
    } catch (thrown) {
      this.#tell(sub, thrown);
    }
  }

  #open(sub: number, topic: Subscribe['topic']): Subscription {
    this.#view.assertSees(topic);
    const { sessions, transcripts, terminals, state } = this.#topics;
    switch (topic.kind) {
      case 'state':
        return this.#openState(sub, state);
      case 'session':
        sessions.get(topic.sessionId);
        return {
          end: subscribeSession(
            { sub, ...topic, onError: (thrown) => this.#tell(sub, thrown) },
            transcripts,
            this.#outbox,
          ),
        };
      case 'terminal':
        return subscribeTerminal({ sub, ...topic }, terminals, this.#outbox);
    }
  }

  // Its snapshot takes a moment, in which it may be ended already.
  #openState(sub: number, state: StateSource): Subscription {
    let isEnded = false;
    let endState: (() => void) | null = null;
    subscribeState(sub, state, this.#outbox).then(
      (end) => {
        endState = end;
        if (isEnded) end();
      },
      (thrown: unknown) => {
        this.#subscriptions.delete(sub);
        this.#tell(sub, thrown);
      },
    );
    return {
      end: () => {
        isEnded = true;
        endState?.();
      },
    };
  }

  #unsubscribe(sub: number): void {
    this.#subscriptions.get(sub)?.end();
    this.#subscriptions.delete(sub);
  }

  #type(frame: Extract<ClientFrame, { type: 'terminal_input' }>): void {
    try {
      this.#view.assertTypes(frame.terminalId);
      void this.#input(frame);
    } catch (thrown) {
      const error = FarhandError.from(thrown).toJSON();
      this.#outbox.send({ type: 'terminal_input_done', id: frame.id, error });
    }
  }

  // The next size follows at once while a pane is dragged, and a terminal that is gone tells so by its state.
  #resize({ terminalId, rows, cols }: Extract<ClientFrame, { type: 'terminal_resize' }>): void {
    const resize = async () => {
      this.#view.assertTypes(terminalId);
      await this.#topics.terminals.resize(terminalId, rows, cols);
    };
    resize().catch((error: unknown) => this.#log.debug('terminal.not_resized', { terminalId, error }));
  }

  #tell(sub: number, thrown: unknown): void {
    const error = FarhandError.from(thrown);
    if (error.code === 'internal.unexpected') this.#log.error('subscription.failed', { error });
    this.#outbox.send({ type: 'error', sub, error: error.toJSON() });
  }

  #refuse(message: string): void {
    this.#outbox.send({
      type: 'error',
      sub: null,
      error: new FarhandError('request.invalid', { message }).toJSON(),
    });
    this.#socket.close(POLICY_VIOLATION, 'invalid frame');
  }
}

function parseFrame(text: string): ClientFrame | null {
  try {
    return clientFrame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
