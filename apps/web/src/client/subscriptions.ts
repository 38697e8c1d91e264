import type { Exit } from '@farhand/shared/model/terminals';
import type { SessionEvent } from '@farhand/shared/model/transcripts';
import type { OutputFrame } from '@farhand/shared/protocol/binary';
import type { ClientFrame, Entity, EntityKind, ServerFrame, Topic } from '@farhand/shared/protocol/frames';
import { ApiError } from './api-error.ts';

interface Fails {
  /** The server refused or ended the subscription; unless the error is retryable, nothing more comes. */
  onError?(error: ApiError): void;
}
/** What a watcher of `state` is told; a new snapshot comes after every reconnect and replaces all before it. */
interface StateHandlers extends Fails {
  onSnapshot(entities: readonly Entity[]): void;
  onChanged(entity: Entity): void;
  onRemoved(kind: EntityKind, id: string): void;
}
/** What a watcher of a session is told: every event once, in order, across reconnects. */
interface SessionHandlers extends Fails {
  onEvents(events: readonly SessionEvent[], isLive: boolean): void;
}
/** What a watcher of a terminal is told: every byte once, in order, across reconnects. */
export interface TerminalHandlers extends Fails {
  /** `offset` of the first byte, from the terminal's start. Resolve when drawn: more is sent only then. */
  onOutput(offset: number, bytes: Uint8Array): void | Promise<void>;
  /** The bytes `from` up to `to` are gone. */
  onMissed(from: number, to: number): void;
  /** `heldBytes` of keys wait at the server for a host that is away. */
  onState(state: 'attached' | 'contact_lost' | 'ended', exit: Exit | null, heldBytes: number): void;
}
/** The handlers that fit a topic. */
export type HandlersOf<T extends Topic> = T extends { kind: 'state' }
  ? StateHandlers
  : T extends { kind: 'session' }
    ? SessionHandlers
    : TerminalHandlers;

/** One watched topic: where it stands, and what to do with what comes. */
interface Watch {
  /** With the cursor where the next subscription must begin. */
  topic(): Topic;
  frame(frame: ServerFrame): void;
  output(sub: number, frame: OutputFrame): void;
  opened(): void;
  failed(error: ApiError): void;
}

/** Keeps every topic watched over any number of sockets, each from where it stopped. */
export interface Subscriptions {
  subscribe<T extends Topic>(topic: T, handlers: HandlersOf<T>): () => void;
  /** A new socket is ready: everything is asked for again from its cursor. */
  open(): void;
  /** The socket is gone; what is subscribed meanwhile waits for `open`. */
  close(): void;
  frame(frame: ServerFrame): void;
  output(frame: OutputFrame): void;
}

export function createSubscriptions(send: (frame: ClientFrame) => void): Subscriptions {
  const watches = new Set<Watch>();
  const bySub = new Map<number, Watch>();
  let lastSub = 0;
  let isOpen = false;

  const start = (watch: Watch) => {
    lastSub += 1;
    bySub.set(lastSub, watch);
    watch.opened();
    send({ type: 'subscribe', sub: lastSub, topic: watch.topic() });
  };
  const stop = (watch: Watch) => {
    watches.delete(watch);
    for (const [sub, other] of bySub) {
      if (other !== watch) continue;
      bySub.delete(sub);
      if (isOpen) send({ type: 'unsubscribe', sub });
    }
  };
  const fail = (sub: number, error: ApiError) => {
    const watch = bySub.get(sub);
    bySub.delete(sub);
    if (watch && !error.retryable) watches.delete(watch);
    watch?.failed(error);
  };

  return {
    subscribe(topic, handlers) {
      const watch = createWatch(topic, handlers, send, (sub) => bySub.has(sub));
      watches.add(watch);
      if (isOpen) start(watch);
      return () => stop(watch);
    },
    open() {
      isOpen = true;
      for (const watch of watches) start(watch);
    },
    close() {
      isOpen = false;
      bySub.clear();
    },
    frame(frame) {
      if (!('sub' in frame) || frame.sub === null) return;
      if (frame.type === 'error') fail(frame.sub, new ApiError(frame.error));
      else bySub.get(frame.sub)?.frame(frame);
    },
    output: (frame) => bySub.get(frame.sub)?.output(frame.sub, frame),
  };
}

function createWatch<T extends Topic>(
  topic: T,
  handlers: HandlersOf<T>,
  send: (frame: ClientFrame) => void,
  isCurrent: (sub: number) => boolean,
): Watch {
  const failed = (error: ApiError) => handlers.onError?.(error);
  // The conditional type does not follow the narrowing of `topic.kind`.
  if (topic.kind === 'state') return { ...watchState(handlers as StateHandlers), failed };
  if (topic.kind === 'session') return { ...watchSession(topic, handlers as SessionHandlers), failed };
  return { ...watchTerminal(topic, handlers as TerminalHandlers, { send, isCurrent }), failed };
}

function watchState(handlers: StateHandlers): Omit<Watch, 'failed'> {
  return {
    topic: () => ({ kind: 'state' }),
    opened: () => undefined,
    output: () => undefined,
    frame(frame) {
      if (frame.type === 'snapshot') handlers.onSnapshot(frame.entities);
      else if (frame.type === 'changed') handlers.onChanged(frame.entity);
      else if (frame.type === 'removed') handlers.onRemoved(frame.kind, frame.id);
    },
  };
}

function watchSession(topic: Topic & { kind: 'session' }, handlers: SessionHandlers): Omit<Watch, 'failed'> {
  let cursor = topic.after;
  return {
    topic: () => ({ ...topic, after: cursor }),
    opened: () => undefined,
    output: () => undefined,
    frame(frame) {
      if (frame.type !== 'events') return;
      const events = frame.events.filter((event) => event.seq > cursor);
      cursor = events.at(-1)?.seq ?? cursor;
      if (events.length > 0 || frame.live) handlers.onEvents(events, frame.live);
    },
  };
}

// An acknowledgement per drawn frame would double the traffic of a fast terminal; a quarter of this is still in flight.
const ACK_EVERY_BYTES = 64 * 1024;

interface TerminalLink {
  send(frame: ClientFrame): void;
  isCurrent(sub: number): boolean;
}

function watchTerminal(
  topic: Topic & { kind: 'terminal' },
  handlers: TerminalHandlers,
  link: TerminalLink,
): Omit<Watch, 'failed'> {
  let cursor = topic.after;
  let received = 0;
  let drawn = 0;
  let acknowledged = 0;

  const drew = (sub: number, byteCount: number) => {
    // Bytes of an earlier socket: their count means nothing to the present one.
    if (!link.isCurrent(sub)) return;
    drawn += byteCount;
    if (drawn < received && drawn - acknowledged < ACK_EVERY_BYTES) return;
    acknowledged = drawn;
    link.send({ type: 'ack', sub, bytes: drawn });
  };

  return {
    topic: () => ({ ...topic, after: cursor }),
    opened() {
      received = 0;
      drawn = 0;
      acknowledged = 0;
    },
    frame(frame) {
      if (frame.type === 'terminal_state') handlers.onState(frame.state, frame.exit, frame.queuedBytes ?? 0);
      if (frame.type !== 'terminal_missed') return;
      cursor = Math.max(cursor, frame.to);
      handlers.onMissed(frame.from, frame.to);
    },
    output(sub, { offset, bytes }) {
      received += bytes.byteLength;
      const repeated = cursor < 0 ? 0 : Math.min(bytes.byteLength, Math.max(0, cursor - offset));
      const fresh = bytes.subarray(repeated);
      cursor = Math.max(cursor, offset + bytes.byteLength);
      const done = fresh.byteLength > 0 ? handlers.onOutput(offset + repeated, fresh) : undefined;
      void Promise.resolve(done).then(() => drew(sub, bytes.byteLength));
    },
  };
}
