import type { ConnectionState } from '@farhand/shared/model/hosts';
import type { SessionId, TerminalId } from '@farhand/shared/model/ids';
import type { Entity, ServerFrame, Topic } from '@farhand/shared/protocol/frames';
import type { Client, ClientSocket } from '../support/client.ts';
import { createKeys, type Keys } from './keys.ts';
import { SeenSession } from './seen-session.ts';
import { SeenTerminal } from './seen-terminal.ts';
import type { Tally } from './tally.ts';

const RETRY_MS = 150;

interface Seen {
  readonly topic: () => Topic;
  readonly begin: () => void;
  readonly take: (frame: ServerFrame) => void;
  readonly terminal?: SeenTerminal;
}

/** What the browser's page does, without the browser: one socket, opened again for ever, all topics from their cursors. */
export class Page {
  readonly entities = new Map<string, Entity>();
  readonly sessions = new Map<SessionId, SeenSession>();
  readonly terminals = new Map<TerminalId, SeenTerminal>();
  readonly keys: Keys;
  /** Called with each news of the host. */
  onHost: (connection: ConnectionState) => void = () => {};
  readonly #client: Client;
  readonly #tally: Tally;
  readonly #seen: Seen[] = [];
  readonly #bySub = new Map<number, Seen>();
  readonly #waiting = new Set<() => void>();
  #socket: ClientSocket | null = null;
  #lastSub = 0;
  #isClosed = false;

  constructor(client: Client, tally: Tally) {
    this.#client = client;
    this.#tally = tally;
    this.keys = createKeys((frame) => {
      if (!this.#socket) return false;
      this.#socket.send(frame);
      return true;
    });
    this.#add({ topic: () => ({ kind: 'state' }), begin: () => {}, take: (frame) => this.#takeState(frame) });
  }

  /** Connects and stays connected; the returned promise is of the first time. */
  async open(): Promise<void> {
    while (!this.#isClosed) {
      try {
        return this.#use(await this.#client.connect());
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  get isConnected(): boolean {
    return this.#socket !== null;
  }

  /** The socket ends, as when the browser's own network goes. */
  drop(): void {
    this.#socket?.close();
  }

  close(): void {
    this.#isClosed = true;
    this.drop();
  }

  watchSession(id: SessionId): SeenSession {
    const known = this.sessions.get(id);
    if (known) return known;
    const seen = new SeenSession(id, this.#tally);
    this.sessions.set(id, seen);
    this.#add({
      topic: () => ({ kind: 'session', sessionId: id, after: seen.transcript.lastSeq }),
      begin: () => seen.begin(),
      take: (frame) => {
        if (frame.type === 'events') seen.take(frame);
      },
    });
    return seen;
  }

  watchTerminal(id: TerminalId): SeenTerminal {
    const seen = new SeenTerminal(id, this.#tally);
    this.terminals.set(id, seen);
    this.#add({
      topic: () => ({ kind: 'terminal', terminalId: id, after: seen.end }),
      begin: () => seen.begin(),
      take: (frame) => seen.frame(frame),
      terminal: seen,
    });
    return seen;
  }

  /** Resolves once it holds; looked at again with each frame. Rejects when the signal is aborted. */
  until(holds: () => boolean, what: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.#waiting.delete(look);
        signal.removeEventListener('abort', giveUp);
        settle();
      };
      const look = () => holds() && end(resolve);
      const giveUp = () => end(() => reject(new Error(`still waiting for ${what}`)));
      this.#waiting.add(look);
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      else look();
    });
  }

  #add(seen: Seen): void {
    this.#seen.push(seen);
    if (this.#socket) this.#subscribe(this.#socket, seen);
  }

  #subscribe(socket: ClientSocket, seen: Seen): void {
    const sub = ++this.#lastSub;
    this.#bySub.set(sub, seen);
    seen.begin();
    socket.send({ type: 'subscribe', sub, topic: seen.topic() });
  }

  #use(socket: ClientSocket): void {
    this.#socket = socket;
    socket.onFrame = (frame) => this.#take(frame);
    socket.onOutput = ({ sub, offset, bytes }) => {
      const terminal = this.#bySub.get(sub)?.terminal;
      if (terminal) socket.send({ type: 'ack', sub, bytes: terminal.take(offset, bytes) });
      this.#look();
    };
    socket.onClose = () => {
      this.#socket = null;
      this.#bySub.clear();
      this.keys.lost();
      this.#look();
      void this.open();
    };
    for (const seen of this.#seen) this.#subscribe(socket, seen);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'terminal_input_done') this.keys.done(frame.id, frame.error);
    else if (frame.type === 'error')
      this.#tally.problem('false_refusal', `sub ${frame.sub}`, JSON.stringify(frame.error));
    else if ('sub' in frame) this.#bySub.get(frame.sub)?.take(frame);
    this.#look();
  }

  #takeState(frame: ServerFrame): void {
    if (frame.type === 'snapshot') {
      this.entities.clear();
      for (const entity of frame.entities) this.#put(entity);
    } else if (frame.type === 'changed') this.#put(frame.entity);
    else if (frame.type === 'removed') this.entities.delete(`${frame.kind} ${frame.id}`);
  }

  #put(entity: Entity): void {
    this.entities.set(`${entity.kind} ${entity.value.id}`, entity);
    if (entity.kind === 'host') this.onHost(entity.value.connection);
    // Nothing here changes a key or a password: only a mistaken reading of a broken login gives this.
    if (entity.kind === 'host' && entity.value.connection.state === 'refused')
      this.#tally.problem('false_refusal', entity.value.id, JSON.stringify(entity.value.connection));
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}
