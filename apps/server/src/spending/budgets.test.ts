import { newId } from '@farhand/shared/model/ids';
import type { Budget } from '@farhand/shared/model/spending';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from '../agents/builtin/testing/agent-bench.ts';
import { createSpending } from './spending.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const NONE: Budget = { sessionTokens: null, sessionUsd: null, dayTokens: null, dayUsd: null };
// At a dollar for a million tokens in and two out, an answer of this usage costs $0.5.
const PRICE = { pattern: '*', input: 1, cachedInput: 0.5, output: 2, context: 10_000_000 };
const USAGE: ModelStep = { usage: { input: 300_000, output: 100_000 } };
const more: ModelStep[] = [{ call: { name: 'todo', arguments: { todos: [] } } }, USAGE];
const spending = () => createSpending({ db: bench.server.db });
const open = () => bench.server.approvals.open();

async function start(budget: Partial<Budget>, options: Partial<BenchOptions> = {}): Promise<void> {
  bench = await AgentBench.start({ script: [more, more, more, [{ text: 'Done.' }, USAGE]], ...options });
  spending().prices.set([PRICE]);
  spending().setBudget({ ...NONE, ...budget });
}

const decide = (decision: { kind: 'allow'; scope: 'once' } | { kind: 'deny' }) => {
  const [asked] = open();
  if (!asked) throw new Error('nothing is asked');
  bench.server.approvals.decide({ approvalId: asked.id, hash: asked.hash, decision }, 'page');
};

describe('what is spent', () => {
  it('is the cost of each answer, of the turn, the session and the day', async () => {
    await start({});
    await bench.promptAndWait('go');
    expect(bench.turn).toMatchObject({ state: 'done', costUsd: 2 });
    expect(bench.server.sessions.get(bench.sessionId).costUsd).toBe(2);
    expect(spending().today()).toEqual({ tokens: 1_600_000, usd: 2 });
  });

  it('counts what an agent says of its own cost by its growth', async () => {
    await start({});
    const { sessionId: id } = bench;
    // The last two after it was started anew.
    for (const told of [0.1, 0.35, 0.35, 0.05, 0.15]) spending().costGrew(id, told);
    expect(spending().today().usd).toBeCloseTo(0.5, 10);
    expect(bench.server.sessions.get(id).costUsd).toBeCloseTo(0.5, 10);
  });
});

describe('a budget that is spent', () => {
  it('pauses the agent until a person allows as much again', async () => {
    await start({ sessionUsd: 1 });
    bench.prompt('go');
    await bench.when(() => open().length === 1);
    expect(open()[0]?.subject).toEqual({ kind: 'budget', limit: '$1.00 a session', spent: '$1.00' });
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('blocked');
    expect(bench.model.requests.length).toBe(2);
    decide({ kind: 'allow', scope: 'once' });
    await bench.whenEnded();
    expect(bench.turn).toMatchObject({ state: 'done', costUsd: 2 });
    // The raised limit is reached in turn, in the next message.
    bench.prompt('more');
    await bench.when(() => open().length === 1);
    expect(open()[0]?.subject).toMatchObject({ limit: '$2.00 a session', spent: '$2.00' });
    decide({ kind: 'deny' });
    await bench.whenEnded();
    expect(bench.turn.state).toBe('stopped');
    expect(bench.items.at(-1)).toMatchObject({
      kind: 'notice',
      text: expect.stringContaining('$2.00 a session'),
    });
  });

  it('counts tokens of the day', async () => {
    await start({ dayTokens: 800_000 });
    bench.prompt('go');
    await bench.when(() => open().length === 1);
    expect(open()[0]?.subject).toEqual({
      kind: 'budget',
      limit: '800,000 tokens a day',
      spent: '800,000 tokens',
    });
    decide({ kind: 'deny' });
    await bench.whenEnded();
    expect(bench.turn.state).toBe('stopped');
    expect(bench.model.requests.length).toBe(2);
  });

  it('is the same question after a restart, and what was allowed holds', async () => {
    await start({ sessionUsd: 1 });
    bench.prompt('go');
    await bench.when(() => open().length === 1);
    const [asked] = open();
    bench.restart();
    await bench.when(() => bench.server.sessions.get(bench.sessionId).state === 'blocked');
    expect(open().map(({ id }) => id)).toEqual([asked?.id]);
    decide({ kind: 'allow', scope: 'once' });
    await bench.model.whenRequested(3);
    bench.restart();
    await bench.whenEnded();
    expect(bench.turn.state).toBe('done');
    expect(open()).toEqual([]);
  });

  it('ends with the turn when the person stops it', async () => {
    await start({ sessionTokens: 400_000 });
    bench.prompt('go');
    await bench.when(() => open().length === 1);
    await bench.server.sessions.stop(bench.sessionId);
    expect(bench.turn.state).toBe('stopped');
    expect(open()).toEqual([]);
  });

  it('counts what sub-agents spent toward the session that they work for', async () => {
    await start({ sessionUsd: 1 });
    const { sessions, transcripts } = bench.server;
    const usage = { input: 0, output: 0, cachedInput: 0 };
    const child = sessions.create(bench.workspaceId, null, {
      parent: { sessionId: bench.sessionId, kind: 'subagent' },
    });
    const grandchild = sessions.create(bench.workspaceId, null, {
      parent: { sessionId: child.id, kind: 'subagent' },
    });
    const fork = sessions.create(bench.workspaceId, null, {
      parent: { sessionId: bench.sessionId, kind: 'fork' },
    });
    bench.server.db.run(
      `UPDATE sessions SET cost_usd = 0.75, usage = '${JSON.stringify(usage)}' WHERE id = '${grandchild.id}'`,
    );
    bench.server.db.run(`UPDATE sessions SET cost_usd = 0.25 WHERE id = '${child.id}'`);
    bench.server.db.run(`UPDATE sessions SET cost_usd = 99 WHERE id = '${fork.id}'`);
    const asked: unknown[] = [];
    const outcome = await spending().ensureBudget({
      sessionId: grandchild.id,
      turnId: newId('turn'),
      signal: new AbortController().signal,
      transcript: transcripts.writer(grandchild.id),
      approvals: {
        async ask({ subject }) {
          asked.push(subject);
          return { kind: 'allowed', scope: 'once', command: null };
        },
      },
    });
    expect(outcome).toBeNull();
    expect(asked).toEqual([{ kind: 'budget', limit: '$1.00 a session', spent: '$1.00' }]);
  });

  it('is raised for a sub-agent whose own session was deleted, too', async () => {
    await start({ sessionUsd: 1 });
    const { sessions, transcripts, db } = bench.server;
    const parent = { sessionId: newId('session'), kind: 'subagent' as const };
    const { id: sessionId } = sessions.create(bench.workspaceId, null, { parent });
    db.run(`UPDATE sessions SET cost_usd = 1.5 WHERE id = '${sessionId}'`);
    const asking = { signal: new AbortController().signal, transcript: transcripts.writer(sessionId) };
    const ask = async () => ({ kind: 'allowed', scope: 'once', command: null }) as const;
    const turn = { sessionId, turnId: newId('turn'), ...asking, approvals: { ask } };
    expect(await spending().ensureBudget(turn)).toBeNull();
  });

  it('is asked before the prompt of an agent that runs on the host', async () => {
    await start({ dayUsd: 1 });
    spending().costGrew(bench.sessionId, 1);
    const { id } = bench.server.sessions.create(bench.workspaceId, null, { agent: 'codex' });
    bench.sessionId = id;
    bench.prompt('go');
    await bench.when(() => open().length === 1);
    expect(bench.model.requests).toEqual([]);
    decide({ kind: 'deny' });
    await bench.whenEnded();
    expect(bench.turn.state).toBe('stopped');
    expect(bench.model.requests).toEqual([]);
  });
});
