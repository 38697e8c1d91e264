import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStateFeed, type StateFeed } from '../feed/state-feed.ts';
import { createRateLimits, type RateLimits } from '../models/rate-limits.ts';
import { createRedactor } from '../secrets/redactor.ts';
import type { Database } from '../store/database.ts';
import { openTestDatabase, type TestDatabase } from '../store/testing/test-database.ts';
import { createQueue, type Queue } from './queue.ts';

let store: TestDatabase;
let db: Database;
let workspaceId: WorkspaceId;
let feed: StateFeed;
let rateLimits: RateLimits;
let limit: number | null;
let workspace: Workspace;
let known: Map<SessionId, Session>;
let sent: string[];
let refusal: FarhandError | null;
let listed: number;
const opened: Queue[] = [];

beforeEach(() => {
  store = openTestDatabase();
  ({ db, workspaceId } = store);
  feed = createStateFeed();
  rateLimits = createRateLimits();
  limit = null;
  workspace = {
    id: workspaceId,
    projectId: newId('project'),
    hostId: LOCAL_HOST,
    state: 'ready',
  } as Workspace;
  known = new Map();
  sent = [];
  refusal = null;
  listed = 0;
});

afterEach(() => {
  vi.useRealTimers();
  for (const queue of opened.splice(0)) queue.close();
  store.close();
});

// Sessions as the queue sees them: what is sent begins a turn, which ends when the test says so.
function open(): Queue {
  const queue = createQueue({
    db,
    feed,
    rateLimits,
    agentLimit: () => limit,
    secrets: { redactor: () => createRedactor({ KEY: 'swordfish' }) },
    workspaces: { get: () => workspace, list: () => [workspace] },
    sessions: {
      get: (id) => {
        const found = known.get(id);
        if (!found) throw new FarhandError('session.not_found');
        return found;
      },
      list: () => {
        listed += 1;
        return [...known.values()];
      },
      prompt(id, text, { messageId }) {
        if (refusal) throw refusal;
        if (messageId && sent.includes(`${messageId} ${text}`)) return;
        sent.push(`${messageId} ${text}`);
        change(id, 'working');
      },
    },
  });
  opened.push(queue);
  queue.resumeAll();
  return queue;
}

function session(state: Session['state'] = 'idle'): SessionId {
  const id = store.addSession(state);
  const value = { id, workspaceId, state, model: 'acme/one', parent: null } as Session;
  known.set(id, value);
  feed.changed({ kind: 'session', value });
  return id;
}

function change(id: SessionId, state: Session['state']): void {
  const value = { ...(known.get(id) as Session), state };
  known.set(id, value);
  feed.changed({ kind: 'session', value });
}

const later = (ms: number) => new Date(Date.now() + ms).toISOString();
const add = (queue: Queue, sessionId: SessionId, text: string, notBefore: string | null = null) =>
  queue.add({ sessionId, text, attachments: [], model: null, notBefore });
const texts = () => sent.map((one) => one.slice(one.indexOf(' ') + 1));
const reasons = (queue: Queue) => queue.list().map(({ reason }) => reason);
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a queue', () => {
  it('sends at once where nothing is in the way, secrets redacted', async () => {
    const queue = open();
    const { text } = add(queue, session(), 'the swordfish');
    await settled();
    expect(texts()).toEqual([text]);
    expect(text).not.toContain('swordfish');
    expect(queue.list()).toEqual([]);
  });

  it('waits for the turn, and sends one for each turn in order', async () => {
    const queue = open();
    const id = session('working');
    for (const text of ['one', 'two']) add(queue, id, text);
    await settled();
    expect([texts(), reasons(queue)]).toEqual([[], ['turn', 'turn']]);
    change(id, 'done');
    await settled();
    expect(texts()).toEqual(['one']);
    change(id, 'done');
    await settled();
    expect(texts()).toEqual(['one', 'two']);
  });

  it.each([
    ['failed', 'The turn before it failed.'],
    ['idle', 'The turn before it was stopped.'],
  ] as const)('holds back after a turn that is %s, until the person sends it', async (state, problem) => {
    const queue = open();
    const id = session('working');
    const { id: message } = add(queue, id, 'next');
    change(id, state);
    await settled();
    expect(queue.list()[0]).toMatchObject({ reason: 'person', problem });
    queue.sendNow(message);
    await settled();
    expect(texts()).toEqual(['next']);
  });

  it('waits for a time', async () => {
    const queue = open();
    const notBefore = later(80);
    add(queue, session(), 'at its time', notBefore);
    await settled();
    expect(queue.list()[0]).toMatchObject({ reason: 'time', until: notBefore });
    await expect.poll(texts).toEqual(['at its time']);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(notBefore));
  });

  it('keeps as many agents at work on a host as it may, first come first served', async () => {
    limit = 1;
    const queue = open();
    const [a, b, c] = [session(), session(), session()];
    queue.prompt(a, 'a', { model: null });
    queue.prompt(b, 'b', { model: null });
    queue.prompt(c, 'c', { model: null });
    await settled();
    expect([texts(), reasons(queue)]).toEqual([['a'], ['slot', 'slot']]);
    change(a, 'blocked');
    await settled();
    expect(texts()).toEqual(['a']);
    change(a, 'done');
    await settled();
    expect([texts(), reasons(queue)]).toEqual([['a', 'b'], ['slot']]);
    limit = null;
    change(b, 'blocked');
    await settled();
    expect(texts()).toEqual(['a', 'b', 'c']);
  });

  it('pauses for a provider, says until when, and goes on then', async () => {
    const queue = open();
    const untilMs = Date.now() + 80;
    rateLimits.pause('acme/other', untilMs);
    queue.prompt(session(), 'hello', { model: null });
    await settled();
    expect(queue.list()[0]).toMatchObject({ reason: 'rate_limit', until: new Date(untilMs).toISOString() });
    await expect.poll(texts).toEqual(['hello']);
  });

  it('waits for its workspace to be made', async () => {
    workspace = { ...workspace, state: 'creating' };
    const queue = open();
    add(queue, session(), 'first words');
    await settled();
    expect(reasons(queue)).toEqual(['host']);
    workspace = { ...workspace, state: 'ready' };
    feed.changed({ kind: 'workspace', value: workspace });
    await settled();
    expect(texts()).toEqual(['first words']);
  });

  it('keeps what could not be sent, with the reason', async () => {
    refusal = new FarhandError('model.none');
    const queue = open();
    add(queue, session(), 'hello');
    await settled();
    expect(queue.list()[0]).toMatchObject({ reason: 'person', problem: refusal.message, text: 'hello' });
  });

  it('is there after a restart, and begins nothing twice', async () => {
    const id = session('working');
    const before = open();
    const { id: message } = add(before, id, 'kept');
    const sessionId = id;
    before.add({
      sessionId,
      text: 'kept',
      attachments: [],
      model: null,
      notBefore: null,
      messageId: message,
    });
    before.close();
    const queue = open();
    expect(queue.list()).toHaveLength(1);
    // Killed after it was sent and before it was forgotten.
    sent.push(`${message.replace(/^msg/, 'itm')} kept`);
    change(id, 'done');
    await settled();
    expect([texts(), queue.list()]).toEqual([['kept'], []]);
  });

  it('keeps its order where the clock is set back, and its times where the clock is set on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const id = session('working');
    const before = open();
    add(before, id, 'one', later(8 * 3_600_000));
    vi.setSystemTime(Date.now() - 3_600_000);
    add(before, id, 'two', later(8 * 3_600_000));
    before.close();
    change(id, 'done');
    const queue = open();
    expect(queue.list().map(({ text }) => text)).toEqual(['one', 'two']);
    await settled();
    // A machine that slept: its timers did not run.
    vi.setSystemTime(Date.now() + 9 * 3_600_000);
    vi.advanceTimersByTime(61_000);
    await settled();
    expect(texts()).toEqual(['one']);
  });

  it('outlives a store that refuses, and a session that went without a word', async () => {
    const queue = open();
    const [gone, id] = [session('working'), session('working')];
    add(queue, gone, 'to nobody');
    add(queue, id, 'held');
    await settled();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    db.run("CREATE TRIGGER full BEFORE DELETE ON queued_messages BEGIN SELECT raise(abort, 'full'); END");
    db.run("CREATE TRIGGER over BEFORE UPDATE ON queued_messages BEGIN SELECT raise(abort, 'full'); END");
    known.delete(gone);
    change(id, 'failed');
    await settled();
    expect(queue.list()).toMatchObject([{ text: 'to nobody' }, { text: 'held', reason: 'person' }]);
    for (const name of ['full', 'over']) db.run(`DROP TRIGGER ${name}`);
    vi.advanceTimersByTime(6000);
    await settled();
    expect([texts(), queue.list().map(({ text }) => text)]).toEqual([[], ['held']]);
  });

  it('is of a bounded number in each session', () => {
    const queue = open();
    const [one, other] = [session('working'), session('working')];
    for (let count = 0; count < 100; count += 1) add(queue, one, `${count}`);
    const refused = expect.objectContaining({ code: 'request.invalid' });
    expect(() => add(queue, one, 'too many')).toThrowError(refused);
    expect(add(queue, other, 'of another').sessionId).toBe(other);
  });

  it('looks at all sessions once, however much is told of one that works', async () => {
    const queue = open();
    const id = session('working');
    for (let count = 0; count < 20; count += 1) add(queue, id, `${count}`);
    await settled();
    listed = 0;
    for (let time = 0; time < 50; time += 1) {
      change(id, 'working');
      await settled();
    }
    change(id, 'blocked');
    await settled();
    expect(listed).toBe(1);
  });

  it('can be edited and removed, and goes with its session', async () => {
    const queue = open();
    const id = session('working');
    const [first, second] = [add(queue, id, 'one'), add(queue, id, 'two')];
    queue.edit({ messageId: first.id, text: 'won', notBefore: null });
    queue.remove(second.id);
    queue.remove(second.id);
    expect(queue.list().map(({ text }) => text)).toEqual(['won']);
    expect(() => queue.sendNow(second.id)).toThrowError(expect.objectContaining({ code: 'queue.not_found' }));
    feed.removed('session', id);
    expect([queue.list(), open().list()]).toEqual([[], []]);
  });
});
