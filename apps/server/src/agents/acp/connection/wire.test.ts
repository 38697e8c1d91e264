import type { AnyMessage } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { SessionRecord } from './session-record.ts';
import { Wire } from './wire.ts';

/** A wire of one server over a record, with the library’s side in hand. */
function wireOver(record: SessionRecord) {
  const updates: unknown[] = [];
  const nonsense: (string | null)[] = [];
  const wire = new Wire({
    record,
    onOutbox: () => {},
    onNonsense: (text) => nonsense.push(text),
    onUpdate: (params, takenIn) => {
      updates.push(params);
      takenIn();
    },
  });
  const reader = wire.stream.readable.getReader();
  const writer = wire.stream.writable.getWriter();
  let at = 0;
  return {
    wire,
    updates,
    nonsense,
    next: async () => (await reader.read()).value,
    send: (message: object) => writer.write(message as AnyMessage),
    /** The agent writes this; each line begins where the last ended. */
    async take(message: object | string | null) {
      const text = typeof message === 'object' && message ? JSON.stringify(message) : message;
      const from = at;
      at += (text?.length ?? 0) + 1;
      await wire.take({ from, to: at, text });
      return from;
    },
  };
}

const sent = (record: SessionRecord) => record.state.outbox.map((line) => JSON.parse(line));
const request = { jsonrpc: '2.0', id: 'a1', method: 'fs/read_text_file', params: {} };

describe('a wire', () => {
  it('sends a call with a key once; a later server gets its answer', async () => {
    const record = new SessionRecord(null);
    const first = wireOver(record);
    const params = {};
    first.wire.name(params, 'prompt');
    await first.send({ jsonrpc: '2.0', id: 0, method: 'session/prompt', params });
    expect(sent(record)).toEqual([{ jsonrpc: '2.0', id: 1, method: 'session/prompt', params }]);

    const second = wireOver(record);
    const again = {};
    second.wire.name(again, 'prompt');
    await second.send({ jsonrpc: '2.0', id: 7, method: 'session/prompt', params: again });
    expect(sent(record)).toHaveLength(1);
    const answer = { jsonrpc: '2.0', id: 1, result: { stopReason: 'end_turn' } };
    const to = JSON.stringify(answer).length + 1;
    await second.take(answer);
    expect(await second.next()).toEqual({ ...answer, id: 7 });
    expect(record.outOffset).toBe(to);

    const third = wireOver(record);
    const once = {};
    third.wire.name(once, 'prompt');
    await third.send({ jsonrpc: '2.0', id: 3, method: 'session/prompt', params: once });
    expect(await third.next()).toEqual({ ...answer, id: 3 });
  });

  it('gives a request that nobody answered to the next server, and nothing else a second time', async () => {
    const record = new SessionRecord(null);
    const first = wireOver(record);
    const update = { jsonrpc: '2.0', method: 'session/update', params: { n: 1 } };
    await first.take(update);
    const from = await first.take(request);
    await first.take(update);
    expect(await first.next()).toEqual({ ...request, id: from });

    const second = wireOver(record);
    expect(second.wire.start).toBe(from);
    await second.take(update);
    await second.take(request);
    await second.take(update);
    expect(second.updates).toEqual([]);
    expect(await second.next()).toEqual({ ...request, id: from });
    await second.send({ jsonrpc: '2.0', id: from, result: {} });
    expect(sent(record)).toEqual([{ jsonrpc: '2.0', id: 'a1', result: {} }]);
    expect(record.state.open).toEqual([]);
    expect(wireOver(record).wire.start).toBe(record.outOffset);
  });

  it('refuses a request whose text is lost', async () => {
    const record = new SessionRecord(null);
    await wireOver(record).take(request);
    wireOver(record).wire.lost(5000);
    expect(sent(record)).toMatchObject([{ id: 'a1', error: { code: -32_603 } }]);
    expect(record.state.open).toEqual([]);
    expect(record.outOffset).toBe(5000);
  });

  it('passes over what is no message, and answers to nobody', async () => {
    const record = new SessionRecord(null);
    const { take, nonsense, wire } = wireOver(record);
    await take('Hello');
    await take('  ');
    expect(wire.hasSpoken).toBe(false);
    await take({ jsonrpc: '2.0', id: 99, result: {} });
    await take('{"jsonrpc":"1.0","id":1,"method":"x"}');
    await take(null);
    expect(nonsense).toEqual(['Hello', '{"jsonrpc":"1.0","id":1,"method":"x"}', null]);
    expect(wire.hasSpoken).toBe(true);
  });

  it('answers two requests of one id each for itself', async () => {
    const record = new SessionRecord(null);
    const { take, next, send } = wireOver(record);
    const [one, two] = [await take(request), await take(request)];
    expect([await next(), await next()]).toEqual([
      { ...request, id: one },
      { ...request, id: two },
    ]);
    await send({ jsonrpc: '2.0', id: two, result: 2 });
    expect(record.state.open).toEqual([{ id: 'a1', from: one }]);
    await send({ jsonrpc: '2.0', id: two, result: 3 });
    await send({ jsonrpc: '2.0', id: one, result: 1 });
    expect(sent(record).map(({ id, result }) => [id, result])).toEqual([
      ['a1', 2],
      ['a1', 1],
    ]);
  });

  it('refuses the request after the 256th that waits', async () => {
    const record = new SessionRecord(null);
    const { take, next } = wireOver(record);
    for (let id = 0; id < 300; id += 1) await take({ ...request, id });
    for (let id = 0; id < 256; id += 1) await next();
    expect(record.state.open).toHaveLength(256);
    expect(sent(record).map(({ id }) => id)).toEqual(Array.from({ length: 44 }, (_, at) => 256 + at));
    expect(sent(record)[0].error).toMatchObject({ code: -32_000 });
    // A later server is asked the 256 and refuses none twice.
    const second = wireOver(record);
    expect(second.wire.start).toBe(0);
  });

  it('keeps the first answer to a call, and none that is large or deep', async () => {
    const answered = async (...answers: object[]) => {
      const record = new SessionRecord(null);
      const { wire, send, take } = wireOver(record);
      const params = {};
      wire.name(params, 'prompt');
      await send({ jsonrpc: '2.0', id: 0, method: 'session/prompt', params });
      for (const answer of answers) await take({ jsonrpc: '2.0', id: 1, ...answer });
      return record.state.calls[0]?.answer;
    };
    expect(await answered({ result: 'a' }, { result: 'b' })).toEqual({ result: 'a' });
    const tooLarge = { error: { code: -32_603 } };
    expect(await answered({ result: 'x'.repeat(5 * 1024 * 1024) })).toMatchObject(tooLarge);
    const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`);
    expect(await answered({ result: deep })).toMatchObject(tooLarge);
  });

  it('passes over ids that no honest agent gives', async () => {
    const record = new SessionRecord(null);
    const { take, nonsense } = wireOver(record);
    await take({ ...request, id: 'x'.repeat(2000) });
    await take('{"jsonrpc":"2.0","id":1e999,"method":"fs/read_text_file"}');
    await take({ jsonrpc: '2.0', id: -1, result: {} });
    await take({ jsonrpc: '2.0', id: '1', result: {} });
    expect(nonsense).toHaveLength(3);
    expect(record.state).toMatchObject({ open: [], outbox: [] });
  });

  it('reads no more of an agent that does not read, until it does', async () => {
    const record = new SessionRecord(null);
    const { wire, take } = wireOver(record);
    record.change({ outbox: ['x'.repeat(33 * 1024 * 1024)] });
    let hasTaken = false;
    const taking = take(request).then(() => (hasTaken = true));
    wire.drained();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(hasTaken).toBe(false);
    record.change({ outbox: [] });
    wire.drained();
    await taking;
  });
});
