import { newId, type SessionId } from '@farhand/shared/model/ids';
import type { SessionEvent, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { ClientFrame, ServerFrame } from '@farhand/shared/protocol/frames';
import { describe, expect, it, vi } from 'vitest';
import type { ApiError } from './api-error.ts';
import { createSubscriptions, type TerminalHandlers } from './subscriptions.ts';

const notice: TranscriptItem = {
  id: newId('item'),
  turnId: newId('turn'),
  at: '',
  kind: 'notice',
  level: 'info',
  text: '',
};
const event = (seq: number): SessionEvent => ({ seq, item: notice });
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

function started() {
  const sent: ClientFrame[] = [];
  const subscriptions = createSubscriptions((frame) => sent.push(frame));
  const lastSubscribe = () => sent.filter((frame) => frame.type === 'subscribe').at(-1);
  const acks = () => sent.filter((frame) => frame.type === 'ack');
  const reconnect = () => {
    subscriptions.close();
    subscriptions.open();
  };
  return { sent, subscriptions, lastSubscribe, acks, reconnect, sub: () => lastSubscribe()?.sub ?? 0 };
}

function watchSession(start = started()) {
  const seen: number[] = [];
  const sessionId: SessionId = newId('session');
  const onError = vi.fn<(error: ApiError) => void>();
  const stop = start.subscriptions.subscribe(
    { kind: 'session', sessionId, after: 0 },
    { onEvents: (events) => seen.push(...events.map(({ seq }) => seq)), onError },
  );
  const give = (...seqs: number[]) =>
    start.subscriptions.frame({ type: 'events', sub: start.sub(), events: seqs.map(event), live: true });
  return { ...start, seen, stop, give, onError };
}

function watchTerminal(onOutput?: TerminalHandlers['onOutput']) {
  const start = started();
  const drawn: string[] = [];
  const handlers: TerminalHandlers = {
    onOutput: onOutput ?? ((_offset, data) => void drawn.push(text(data))),
    onMissed: vi.fn(),
    onState: vi.fn(),
  };
  start.subscriptions.open();
  start.subscriptions.subscribe({ kind: 'terminal', terminalId: newId('terminal'), after: -1 }, handlers);
  const give = (offset: number, data: string, sub = start.sub()) =>
    start.subscriptions.output({ sub, offset, bytes: bytes(data) });
  return { ...start, drawn, handlers, give };
}

describe('subscriptions', () => {
  it('asks for what was subscribed before the socket was ready', () => {
    const { sent, subscriptions } = watchSession();
    expect(sent).toEqual([]);
    subscriptions.open();
    expect(sent).toHaveLength(1);
  });

  it('asks again after a reconnect from the last event, under a new number', () => {
    const { subscriptions, give, sub, lastSubscribe, reconnect } = watchSession();
    subscriptions.open();
    const before = sub();
    give(1, 2, 3);
    reconnect();
    expect(lastSubscribe()?.topic).toMatchObject({ kind: 'session', after: 3 });
    expect(sub()).not.toBe(before);
  });

  it('gives every event once, also where the server repeats some', () => {
    const { subscriptions, give, seen, reconnect } = watchSession();
    subscriptions.open();
    give(1, 2);
    reconnect();
    give(2, 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('ignores frames of a subscription that a reconnect has replaced', () => {
    const { subscriptions, sub, seen, reconnect } = watchSession();
    subscriptions.open();
    const old = sub();
    reconnect();
    subscriptions.frame({ type: 'events', sub: old, events: [event(1)], live: true });
    expect(seen).toEqual([]);
  });

  it('does not ask again for what was stopped, and tells the server', () => {
    const { sent, subscriptions, sub, stop, reconnect } = watchSession();
    subscriptions.open();
    const number = sub();
    stop();
    expect(sent.at(-1)).toEqual({ type: 'unsubscribe', sub: number });
    reconnect();
    expect(sent.filter((frame) => frame.type === 'subscribe')).toHaveLength(1);
  });

  it.each([
    { retryable: false, asked: 1 },
    { retryable: true, asked: 2 },
  ])('asks again after an error only if it is retryable ($retryable)', ({ retryable, asked }) => {
    const { sent, subscriptions, sub, onError, reconnect } = watchSession();
    subscriptions.open();
    const error: ServerFrame = {
      type: 'error',
      sub: sub(),
      error: { code: 'session.not_found', message: '', hint: null, retryable, details: {} },
    };
    subscriptions.frame(error);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'session.not_found' }));
    reconnect();
    expect(sent.filter((frame) => frame.type === 'subscribe')).toHaveLength(asked);
  });

  it('goes on at the next byte of a terminal, and cuts off bytes that come twice', () => {
    const { give, drawn, lastSubscribe, reconnect } = watchTerminal();
    give(100, 'abc');
    reconnect();
    expect(lastSubscribe()?.topic).toMatchObject({ after: 103 });
    give(101, 'bcdef');
    expect(drawn).toEqual(['abc', 'def']);
  });

  it('goes on behind bytes that are gone', () => {
    const { subscriptions, sub, handlers, lastSubscribe, reconnect } = watchTerminal();
    subscriptions.frame({ type: 'terminal_missed', sub: sub(), from: 0, to: 5000 });
    expect(handlers.onMissed).toHaveBeenCalledWith(0, 5000);
    reconnect();
    expect(lastSubscribe()?.topic).toMatchObject({ after: 5000 });
  });

  it('acknowledges bytes when they are drawn, counted from the subscription', async () => {
    let draw = () => {};
    const { give, acks, sub } = watchTerminal(() => new Promise<void>((resolve) => (draw = resolve)));
    give(500, 'abcd');
    expect(acks()).toEqual([]);
    draw();
    await vi.waitFor(() => expect(acks()).toEqual([{ type: 'ack', sub: sub(), bytes: 4 }]));
  });

  it('does not acknowledge on a new socket what came on the old one', async () => {
    const draws: (() => void)[] = [];
    const { give, acks, reconnect, sub } = watchTerminal(
      () => new Promise<void>((resolve) => draws.push(resolve)),
    );
    give(0, 'old');
    reconnect();
    give(3, 'newer');
    for (const draw of draws) draw();
    await vi.waitFor(() => expect(acks()).toEqual([{ type: 'ack', sub: sub(), bytes: 5 }]));
  });
});
