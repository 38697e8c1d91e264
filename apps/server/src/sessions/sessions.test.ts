import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent, AgentSession, AgentTurn, TurnOutcome } from '../agents/agent.ts';
import { createApprovals } from '../approvals/create-approvals.ts';
import { createStateFeed, type StateChange, type StateFeed } from '../feed/state-feed.ts';
import { createHostTasks } from '../host-tasks/host-tasks.ts';
import { createRedactor } from '../secrets/redactor.ts';
import { createSpending } from '../spending/spending.ts';
import type { Database } from '../store/database.ts';
import { sessions as sessionRows, workspaces as workspaceRows } from '../store/schema.ts';
import { openTestDatabase, type TestDatabase } from '../store/testing/test-database.ts';
import { createTranscripts } from '../transcripts/transcripts.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** An agent whose turns end when the test says so, or by their signal. */
class HeldAgent implements Agent {
  readonly turns: AgentTurn[] = [];
  end: (outcome: TurnOutcome) => void = () => {};

  run(turn: AgentTurn): Promise<TurnOutcome> {
    this.turns.push(turn);
    return new Promise((resolve) => {
      this.end = resolve;
      turn.signal.addEventListener('abort', () =>
        resolve({ kind: turn.signal.reason === 'close' ? 'suspended' : 'stopped' }),
      );
    });
  }

  readonly opened: SessionId[] = [];
  async open({ sessionId }: AgentSession): Promise<void> {
    this.opened.push(sessionId);
  }
  async setControl(): Promise<void> {}
  async login(): Promise<null> {
    return null;
  }
  async earlier(): Promise<[]> {
    return [];
  }
  async copyMemory(): Promise<void> {}
  async release(): Promise<void> {}
  async close(): Promise<void> {}
}

const now = '2026-01-01T00:00:00.000Z';
const code = (expected: string) => expect.objectContaining({ code: expected });
const removed: string[] = [];
// The part of a host that deleting a session acts on.
const runtime = {
  jobs: { remove: async (id: string) => void removed.push(id) },
  connection: () => ({ state: 'connected', latencyMs: null }),
  watchConnection: () => () => {},
} as unknown as Runtime;

let store: TestDatabase;
let workspaceId: WorkspaceId;
let feed: StateFeed;
let workspace: Workspace;
let db: Database;
let agent: HeldAgent;
let changes: StateChange[];
let onChange: (change: StateChange) => void;
let refreshed: number;
let hasModel: boolean;

beforeEach(() => {
  store = openTestDatabase();
  ({ db, workspaceId } = store);
  agent = new HeldAgent();
  changes = [];
  onChange = () => {};
  removed.length = 0;
  refreshed = 0;
  hasModel = true;
});

afterEach(() => {
  store.close();
});

function open(): Sessions {
  feed = createStateFeed();
  feed.watch((change) => {
    changes.push(change);
    onChange(change);
  });
  workspace = {
    id: workspaceId,
    projectId: newId('project'),
    hostId: LOCAL_HOST,
    state: 'ready',
  } as Workspace;
  const transcripts = createTranscripts({ db });
  const secrets = { environment: () => ({}), redactor: () => createRedactor({ KEY: 'swordfish' }) };
  return createSessions({
    db,
    feed,
    transcripts,
    workspaces: {
      get: () => workspace,
      ready: () => ({ workspace, directory: '/w', runtime }),
      refreshChanges: () => {
        refreshed += 1;
      },
    },
    secrets,
    models: {
      resolve(ref) {
        if (!hasModel) throw new FarhandError('model.none');
        return { ref: ref ?? 'p/default', kind: 'openai', baseUrl: null, key: null, model: 'default' };
      },
    },
    agents: { of: () => agent, resumeOthers: async () => {}, close: async () => {} },
    approvals: createApprovals({ db, feed, transcripts, secrets }),
    terminals: () => ({ open: () => Promise.reject(new Error('no terminal in this test')) }),
    hostTasks: createHostTasks({ db, runtimes: { for: () => runtime } }),
  });
}

const whenState = async (sessions: Sessions, id: SessionId, state: string) =>
  expect.poll(() => sessions.get(id).state, { interval: 2 }).toBe(state);
const items = (id: SessionId) => createTranscripts({ db }).items(id);

describe('a session', () => {
  it('works on one message at a time, under the title of the first', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'Find the swordfish', { model: null });
    expect(sessions.get(id)).toMatchObject({
      state: 'working',
      title: 'Find the [secret KEY]',
      model: 'p/default',
    });
    expect(() => sessions.prompt(id, 'more', { model: null })).toThrowError(code('session.busy'));
    agent.turns[0]?.reports.used({ input: 3, output: 2, cachedInput: 1 });
    agent.end({ kind: 'done' });
    await whenState(sessions, id, 'done');
    sessions.prompt(id, 'Second', { model: 'p/other' });
    agent.turns[1]?.reports.used({ input: 10, output: 1, cachedInput: 0 });
    expect(sessions.get(id)).toMatchObject({
      title: 'Find the [secret KEY]',
      model: 'p/other',
      usage: { input: 13, output: 3, cachedInput: 1 },
    });
    await sessions.stop(id);
    expect(sessions.get(id).state).toBe('idle');
    expect(items(id).map((item) => ('state' in item ? item.state : item.kind))).toEqual([
      'user_message',
      'done',
      'user_message',
      'stopped',
    ]);
    expect(refreshed).toBe(2);
    expect(changes.at(-1)).toMatchObject({
      type: 'changed',
      entity: { kind: 'session', value: { id, state: 'idle' } },
    });
  });

  it('takes the next message from whoever hears that the last one is done', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'first', { model: null });
    onChange = (change) => {
      if (change.type !== 'changed' || change.entity.kind !== 'session') return;
      if (change.entity.value.state === 'done') sessions.prompt(id, 'second', { model: null });
    };
    agent.end({ kind: 'done' });
    await expect.poll(() => agent.turns.length, { interval: 2 }).toBe(2);
    expect(sessions.get(id).state).toBe('working');
    await sessions.close();
  });

  it('stores nothing of a message that no model can answer', () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    hasModel = false;
    expect(() => sessions.prompt(id, 'hi', { model: null })).toThrowError(code('model.none'));
    expect(items(id)).toEqual([]);
    expect(sessions.get(id).state).toBe('idle');
  });

  it('says that the host is out of reach while it is', () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    agent.turns[0]?.reports.contactLost(true);
    expect(sessions.get(id).state).toBe('contact_lost');
    agent.turns[0]?.reports.contactLost(false);
    expect(sessions.get(id).state).toBe('working');
    agent.end({ kind: 'stopped' });
  });

  it('shows why a turn failed', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    const error = { code: 'model.overloaded', message: 'm', hint: null, retryable: true };
    agent.end({ kind: 'failed', error });
    await whenState(sessions, id, 'failed');
    expect(items(id).at(-1)).toMatchObject({ state: 'failed', error, endedAt: expect.any(String) });
  });

  it('goes on with its turn after a close, and after a crash between the turn’s end and its own', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    await sessions.close();
    expect(sessions.get(id).state).toBe('working');
    const again = open();
    again.resumeAll();
    expect(agent.turns[1]).toMatchObject({
      turnId: agent.turns[0]?.turnId,
      prompt: 'hi',
      model: 'p/default',
    });
    agent.end({ kind: 'done' });
    await whenState(again, id, 'done');
    db.update(sessionRows).set({ state: 'working' }).run();
    open().resumeAll();
    expect(agent.turns).toHaveLength(2);
    expect(again.get(id).state).toBe('done');
  });

  it('is deleted with its jobs and rows, its turn stopped before', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    const turn = agent.turns[0];
    const jobId = newId('job');
    const call = {
      id: newId('item'),
      turnId: newId('turn'),
      at: now,
      kind: 'tool_call' as const,
      callId: 'c',
      tool: 'bash',
      title: '',
      input: {},
      state: 'running' as const,
    };
    turn?.transcript.put({
      ...call,
      jobId,
      output: '',
      view: null,
      exit: null,
      result: null,
      startedAt: now,
      endedAt: null,
    });
    await sessions.delete(id);
    expect(turn?.signal.reason).toBe('stop');
    expect(removed).toEqual([jobId]);
    expect(() => sessions.get(id)).toThrowError(code('session.not_found'));
    expect(items(id)).toEqual([]);
    expect(changes.at(-1)).toEqual({ type: 'removed', kind: 'session', id });
  });

  it('takes no message while it is being deleted', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    let refused: unknown;
    agent.release = async () => {
      try {
        sessions.prompt(id, 'hi', { model: null });
      } catch (thrown) {
        refused = thrown;
      }
    };
    await sessions.delete(id);
    expect(refused).toEqual(code('session.not_found'));
    expect(agent.turns).toEqual([]);
  });

  it('is not made in a workspace that is being deleted', () => {
    const sessions = open();
    workspace = { ...workspace, state: 'deleting' };
    expect(() => sessions.create(workspaceId, null)).toThrowError(code('workspace.not_ready'));
  });

  it('ends sub-agents elsewhere with the workspace that they work for', async () => {
    const sessions = open();
    const parent = sessions.create(workspaceId, null);
    const elsewhere = newId('workspace');
    const row = db.select().from(workspaceRows).get();
    if (row)
      db.insert(workspaceRows)
        .values({ ...row, id: elsewhere, name: 'fork' })
        .run();
    const how = { parent: { sessionId: parent.id, kind: 'subagent' as const } };
    const child = sessions.create(elsewhere, null, how);
    sessions.prompt(child.id, 'hi', { model: null });
    await sessions.deleteOfWorkspace(workspaceId);
    expect(agent.turns[0]?.signal.reason).toBe('stop');
    await whenState(sessions, child.id, 'idle');
  });

  it('comes to its end once the store takes it', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    db.run("CREATE TRIGGER full BEFORE UPDATE ON transcript_items BEGIN SELECT raise(abort, 'full'); END");
    agent.end({ kind: 'done' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(sessions.get(id).state).toBe('working');
    db.run('DROP TRIGGER full');
    await expect.poll(() => sessions.get(id).state, { timeout: 5000 }).toBe('done');
    expect(items(id).at(-1)).toMatchObject({ kind: 'turn', state: 'done' });
  });

  it('asks about no budget where its agent has the prompt already', async () => {
    const before = open();
    const { id } = before.create(workspaceId, null, { agent: 'codex' });
    before.prompt(id, 'hi', { model: null });
    await expect.poll(() => agent.turns).toHaveLength(1);
    const { turnId = newId('turn'), transcript, reports } = agent.turns[0] ?? {};
    transcript?.put({ id: newId('item'), turnId, at: now, kind: 'text', text: 'I', done: false });
    reports?.used({ input: 5, output: 5, cachedInput: 0 });
    await before.close();
    createSpending({ db }).setBudget({ sessionTokens: 1, sessionUsd: null, dayTokens: null, dayUsd: null });
    open().resumeAll();
    await expect.poll(() => agent.turns).toHaveLength(2);
  });

  it('stays readable whatever numbers its agent and its provider tell', () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    const reports = agent.turns[0]?.reports;
    for (let time = 0; time < 3; time += 1) {
      reports?.used({ input: 1.7e308, output: Number.NaN, cachedInput: -1 }, 1.7e308);
      for (const costUsd of [1.7e308, 0]) reports?.session({ costUsd });
    }
    expect(sessions.list()).toMatchObject([{ usage: { output: 0, cachedInput: 0 } }]);
    expect(createSpending({ db }).today().usd).toBeLessThan(1e8);
  });

  it('publishes what its agent says of it once, however often it is said', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    changes.length = 0;
    for (let time = 0; time < 3; time += 1)
      agent.turns[0]?.reports.session({ context: { used: 1, limit: 2 }, costUsd: 0.5 });
    expect(changes).toHaveLength(1);
    expect(createSpending({ db }).today().usd).toBe(0.5);
  });

  it('leaves its host to the deletion of its workspace', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    sessions.prompt(id, 'hi', { model: null });
    await sessions.deleteOfWorkspace(workspaceId);
    expect(agent.turns[0]?.signal.reason).toBe('close');
    expect(removed).toEqual([]);
    expect(sessions.list()).toEqual([]);
  });

  it('is opened once its workspace is made', async () => {
    const sessions = open();
    workspace = { ...workspace, state: 'creating' };
    feed.changed({ kind: 'workspace', value: workspace });
    const { id } = sessions.create(workspaceId, null);
    expect(agent.opened).toEqual([]);
    workspace = { ...workspace, state: 'ready' };
    for (let time = 0; time < 2; time += 1) feed.changed({ kind: 'workspace', value: workspace });
    expect(agent.opened).toEqual([id]);
  });

  it('takes a message that is sent again once, also in the next server', async () => {
    const messageId = newId('item');
    const before = open();
    const { id } = before.create(workspaceId, null);
    before.prompt(id, 'only once', { model: null, messageId });
    before.prompt(id, 'only once', { model: null, messageId });
    const sessions = open();
    sessions.resumeAll();
    sessions.prompt(id, 'only once', { model: null, messageId });
    expect(agent.turns.map(({ prompt }) => prompt)).toEqual(['only once', 'only once']);
    expect(new Set(agent.turns.map(({ turnId }) => turnId)).size).toBe(1);
    expect(items(id).filter(({ kind }) => kind === 'user_message')).toHaveLength(1);
  });

  it('is at rest after a crash before its message was stored, and unchanged where the store refused it', async () => {
    const sessions = open();
    const { id } = sessions.create(workspaceId, null);
    db.run("CREATE TRIGGER full BEFORE INSERT ON transcript_items BEGIN SELECT raise(abort, 'full'); END");
    expect(() => sessions.prompt(id, 'hi', { model: null })).toThrowError(/full|query/i);
    db.run('DROP TRIGGER full');
    expect(sessions.get(id).state).toBe('idle');
    expect(items(id)).toEqual([]);
    db.update(sessionRows).set({ state: 'working' }).run();
    const next = open();
    next.resumeAll();
    expect(next.get(id).state).toBe('idle');
    expect(agent.turns).toEqual([]);
  });
});
