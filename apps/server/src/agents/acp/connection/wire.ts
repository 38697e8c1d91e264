import type { AnyMessage, AnyNotification, Stream } from '@agentclientprotocol/sdk';
import type { Line } from './line-splitter.ts';
import { type Incoming, readMessage } from './messages.ts';
import type { SessionRecord } from './session-record.ts';

interface WireOptions {
  readonly record: SessionRecord;
  /** Something waits to be written to the agent. */
  readonly onOutbox: () => void;
  /** A line that is no message; `text` is null where it is too long. */
  readonly onNonsense: (text: string | null) => void;
  /** Takes in the params of a `session/update`, at once, and calls `takenIn` with it. */
  readonly onUpdate: (params: unknown, takenIn: () => void) => void;
}

/** Updates taken in before others get their turn: an agent that floods must not hold up the server. */
const UPDATES_AT_ONCE = 64;

/** Requests of the agent that may wait for their answers at the same time; more are refused. */
const MOST_OPEN = 256;
/** What may wait to be written to the agent, in characters; above it nothing more is read of an agent that does not read. */
const MOST_WAITING = 32 * 1024 * 1024;
/** An answer that is kept, in bytes: it is stored again and again. */
const LARGEST_KEPT_ANSWER = 4 * 1024 * 1024;
const DEEPEST_ANSWER = 100;

const UPDATE = 'session/update';
const CANCEL_REQUEST = '$/cancel_request';
const BUSY = { code: -32_000, message: 'Too many requests wait for their answers.' };
const TOO_LARGE = { code: -32_603, message: 'The answer is too large.' };

type Answered = Extract<Incoming, { kind: 'answer' }>;

/** Resolves when everything that could run at once has run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * The agent's messages for the protocol's library, made durable. Each message is taken in once: what it changes and how far was read
 * are stored together. A call with a key is sent once, whatever server asks for its answer.
 */
export class Wire {
  /** For the library. */
  readonly stream: Stream;
  readonly #options: WireOptions;
  readonly #record: SessionRecord;
  /** What the calls are for, by their params. */
  readonly #keys = new WeakMap<object, string>();
  /** Ids of the library by ours. */
  readonly #libraryIds = new Map<number, string | number | null>();
  /** Where the open requests are that a former server did not answer. */
  readonly #replayed: Set<number>;
  #onDrained: (() => void)[] = [];
  #hasSpoken: boolean;
  #hasEnded = false;
  #updates = 0;
  #input: ReadableStreamDefaultController<AnyMessage> | null = null;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#record = options.record;
    this.#hasSpoken = options.record.state.calls.some(({ answer }) => answer !== null);
    this.#replayed = new Set(options.record.state.open.map(({ from }) => from));
    this.stream = {
      readable: new ReadableStream<AnyMessage>({ start: (controller) => void (this.#input = controller) }),
      writable: new WritableStream<AnyMessage>({ write: (message) => this.#send(message) }),
    };
  }

  /** Where reading has to begin: at the oldest request that is not answered, or where the last server came to. */
  get start(): number {
    return Math.min(this.#record.outOffset, ...this.#replayed);
  }

  /** True once the program has written a message of the protocol. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** Names what these params are sent for, so that a later server finds the answer. */
  name(params: object, key: string): void {
    this.#keys.set(params, key);
  }

  /** Takes in one line; resolves when what it changes has been changed. */
  async take(line: Line): Promise<void> {
    const isOld = line.from < this.#record.outOffset;
    if (isOld && !this.#replayed.delete(line.from)) return;
    const incoming: Incoming = line.text === null ? { kind: 'nonsense' } : readMessage(line.text);
    if (incoming.kind !== 'nonsense') this.#hasSpoken = true;
    if (incoming.kind === 'notification' && incoming.method === UPDATE) {
      this.#options.onUpdate(incoming.message.params, () => this.#takenIn(line.to));
      this.#updates += 1;
      if (this.#updates % UPDATES_AT_ONCE === 0) await settled();
      return;
    }
    if (incoming.kind === 'request' && !isOld && this.#record.state.open.length >= MOST_OPEN) {
      this.#takenIn(line.to);
      this.#post({ jsonrpc: '2.0', id: incoming.id, error: BUSY });
    } else {
      const known = incoming.kind === 'answer' ? this.#bounded(incoming, line) : incoming;
      if (!isOld) this.#note(known, line);
      if (known.kind !== 'nonsense') this.#deliver(known, line.from);
      else if (line.text?.trim() !== '') this.#options.onNonsense(line.text);
    }
    await settled();
    while (this.#waiting() > MOST_WAITING)
      await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  /** Some of what waited was written, or the link has ended: reading goes on. */
  drained(): void {
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  #waiting(): number {
    if (this.#hasEnded) return 0;
    return this.#record.state.outbox.reduce((sum, { length }) => sum + length, 0);
  }

  #takenIn(to: number): void {
    if (to > this.#record.outOffset) this.#record.read(to);
  }

  /** Output up to there is lost: requests in it can only be refused. */
  lost(to: number): void {
    for (const { id, from } of this.#record.state.open)
      if (this.#replayed.has(from) && from < to) {
        this.#replayed.delete(from);
        this.#answer(from, { jsonrpc: '2.0', id, error: { code: -32603, message: 'The request was lost.' } });
      }
    this.#takenIn(to);
  }

  end(error: unknown): void {
    this.#hasEnded = true;
    this.drained();
    try {
      this.#input?.error(error);
    } catch {
      // The library has let go of it already.
    }
  }

  // What has to be known of it later changes at the same moment as the offset: no store happens in between.
  #note(incoming: Incoming, { from, to }: Line): void {
    const { open, calls } = this.#record.state;
    if (incoming.kind === 'request') this.#record.change({ open: [...open, { id: incoming.id, from }] });
    if (incoming.kind === 'answer' && calls.some(({ wireId }) => wireId === incoming.id))
      this.#record.change({
        calls: calls.map((call) =>
          call.wireId === incoming.id ? { ...call, answer: call.answer ?? incoming.answer } : call,
        ),
      });
    this.#takenIn(to);
  }

  // What is kept of an answer is written again with each change: neither large nor too deep to be written.
  #bounded(incoming: Answered, { from, to }: Line): Answered {
    if (!this.#record.state.calls.some(({ wireId }) => wireId === incoming.id)) return incoming;
    const isFit = to - from <= LARGEST_KEPT_ANSWER && isShallow(incoming.answer, DEEPEST_ANSWER);
    return isFit ? incoming : { ...incoming, answer: { error: TOO_LARGE } };
  }

  // The library knows a request by where it is: an agent may give two the same id.
  #deliver(incoming: Exclude<Incoming, { kind: 'nonsense' }>, from = 0): void {
    if (incoming.kind === 'request') return this.#input?.enqueue({ ...incoming.message, id: from });
    if (incoming.kind === 'notification') {
      const { method, message } = incoming;
      return this.#input?.enqueue(method === CANCEL_REQUEST ? this.#cancelOf(message) : message);
    }
    const id = this.#libraryIds.get(incoming.id);
    if (id === undefined) return;
    this.#libraryIds.delete(incoming.id);
    this.#input?.enqueue({ jsonrpc: '2.0', id, ...incoming.answer } as AnyMessage);
  }

  #cancelOf(message: AnyNotification): AnyNotification {
    const { params } = message;
    if (typeof params !== 'object' || params === null || !('requestId' in params)) return message;
    const asked = this.#record.state.open.findLast(({ id }) => id === params.requestId);
    return { ...message, params: { ...params, requestId: asked?.from ?? null } };
  }

  #send(message: AnyMessage): void {
    if (!('method' in message)) {
      const asked = this.#record.state.open.find(({ from }) => from === message.id);
      if (asked) this.#answer(asked.from, { ...message, id: asked.id });
      return;
    }
    if (!('id' in message)) return this.#post(message);
    const { params } = message;
    const key = typeof params === 'object' && params !== null ? this.#keys.get(params) : undefined;
    const known = this.#record.state.calls.find((call) => call.key === key);
    if (known) {
      this.#libraryIds.set(known.wireId, message.id);
      if (known.answer) this.#deliver({ kind: 'answer', id: known.wireId, answer: known.answer });
      return;
    }
    const { nextId, calls } = this.#record.state;
    this.#libraryIds.set(nextId, message.id);
    const call = key === undefined ? [] : [{ key, wireId: nextId, method: message.method, answer: null }];
    this.#record.change({ nextId: nextId + 1, calls: [...calls, ...call] });
    this.#post({ ...message, id: nextId });
  }

  #answer(from: number, message: AnyMessage): void {
    const { open } = this.#record.state;
    this.#record.change({ open: open.filter((one) => one.from !== from) });
    this.#post(message);
  }

  #post(message: AnyMessage): void {
    this.#record.change({ outbox: [...this.#record.state.outbox, JSON.stringify(message)] });
    this.#options.onOutbox();
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((entry) => isShallow(entry, depth - 1));
}
