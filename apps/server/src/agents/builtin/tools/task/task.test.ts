import { newId, type SessionId } from '@farhand/shared/model/ids';
import { afterEach, describe, expect, it } from 'vitest';
import { createSubAgents } from '../../../../sessions/sub-agents.ts';
import { AgentBench, type BenchOptions } from '../../testing/agent-bench.ts';
import { byPrompt, call, gate, task } from './testing/scripts.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const children = () => bench.server.sessions.list().filter(({ parent }) => parent?.kind === 'subagent');
const child = (index: number): SessionId => {
  const id = bench.call(index).childSessionId;
  if (!id) throw new Error('the call has no child');
  return id;
};
const requestsOf = (prompt: string) =>
  bench.model.requests.filter(({ lastUserText }) => lastUserText === prompt);

describe('a sub-agent', () => {
  it('works in a session of its own, and its last words with what it changed are the result', async () => {
    await start({
      files: { a: 'one\n' },
      script: byPrompt({
        go: [[task('child')], [{ text: 'All done.' }]],
        child: [
          [call('write_file', { path: 'b', content: 'x' })],
          [call('bash', { command: 'git add b && git -c user.name=t -c user.email=t@t commit -qm "Add b"' })],
          [{ text: 'I wrote b.' }, { usage: { input: 100, output: 7 } }],
        ],
      }),
    });
    await bench.promptAndWait('go');
    const made = bench.server.sessions.get(child(0));
    expect(made).toMatchObject({
      title: 'Do child',
      state: 'done',
      model: 'endpoint/scripted',
      parent: { sessionId: bench.sessionId, kind: 'subagent' },
      usage: { input: 120, output: 17 },
    });
    // What it used counts for itself.
    expect(bench.turn.usage).toMatchObject({ input: 20, output: 10 });
    const { result = '', state } = bench.call(0);
    expect(state).toBe('done');
    expect(result).toContain('I wrote b.\n\nFiles that it changed:\n- b\n\nCommits since it began:\n- ');
    expect(result).toMatch(/- [0-9a-f]{7,} Add b$/);
    const [first] = requestsOf('child');
    expect(first?.messages).toHaveLength(2);
    expect(String(first?.messages[0]?.content)).toContain('You are a sub-agent');
    expect(first?.text).not.toContain('exit_plan');
  });

  it('runs in the sandbox of the session that it is for', async () => {
    await start({
      script: byPrompt({ go: [[task('child')], [{ text: 'All done.' }]], child: [[{ text: 'Done.' }]] }),
    });
    bench.server.sessions.setSandbox(bench.sessionId, 'readonly');
    await bench.promptAndWait('go');
    expect(bench.server.sessions.get(child(0)).sandbox).toBe('readonly');
  });

  it('runs beside others of the same answer', async () => {
    const both = gate();
    await start({
      script: byPrompt({
        go: [[task('one'), task('two')], [{ text: 'Done.' }]],
        one: [[{ text: 'First.', gate: both.wait }]],
        two: [[{ text: 'Second.', gate: both.wait }]],
      }),
    });
    bench.prompt('go');
    await bench.model.whenRequested(3);
    expect(children().map(({ state }) => state)).toEqual(['working', 'working']);
    both.open();
    await bench.whenEnded();
    expect(bench.calls.map(({ result }) => result)).toEqual(['First.', 'Second.']);
  });

  it('goes on after a restart, and the parent waits for the same one', async () => {
    const held = gate();
    let isFirst = true;
    await start({
      script: (request) => {
        if (request.lastUserText !== 'child')
          return request.step === 0 ? [task('child')] : [{ text: 'Done.' }];
        if (!isFirst) return [{ text: 'Found it.' }];
        isFirst = false;
        return [{ text: 'Fou', gate: held.wait }];
      },
    });
    bench.prompt('go');
    await bench.model.whenRequested(2);
    const before = child(0);
    bench.restart();
    held.open();
    await bench.whenEnded();
    expect(bench.turn.state).toBe('done');
    expect(bench.call(0)).toMatchObject({ state: 'done', childSessionId: before });
    expect(bench.call(0).result).toContain('Found it.');
    expect(children().map(({ id, state }) => [id, state])).toEqual([[before, 'done']]);
    const asked = bench.server.transcripts.items(before).filter(({ kind }) => kind === 'user_message');
    expect(asked).toHaveLength(1);
  });

  it('that had ended before a restart is not begun again', async () => {
    const held = gate();
    let isHeld = true;
    await start({
      script: (request) => {
        const { lastUserText, step } = request;
        if (lastUserText === 'go') return step === 0 ? [task('fast'), task('slow')] : [{ text: 'Done.' }];
        if (lastUserText === 'fast') return [{ text: 'Fast.' }];
        return isHeld ? [{ text: 'S', gate: held.wait }] : [{ text: 'Slow.' }];
      },
    });
    bench.prompt('go');
    await bench.model.whenRequested(3);
    await bench.when(() => bench.server.sessions.get(child(0)).state === 'done');
    bench.restart();
    isHeld = false;
    held.open();
    await bench.whenEnded();
    expect(bench.calls.map(({ result }) => result)).toEqual(['Fast.', 'Slow.']);
    expect(requestsOf('fast')).toHaveLength(1);
    expect(children()).toHaveLength(2);
  });

  it('stops with its parent', async () => {
    await start({
      script: byPrompt({
        go: [[task('one'), task('two')]],
        one: [[{ stall: true }]],
        two: [[{ stall: true }]],
      }),
    });
    bench.prompt('go');
    await bench.model.whenRequested(3);
    await bench.server.sessions.stop(bench.sessionId);
    expect(children().map(({ state }) => state)).toEqual(['idle', 'idle']);
    expect(bench.calls.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('that is stopped or fails is told to the parent, which goes on', async () => {
    await start({
      script: byPrompt({
        go: [[task('slow'), task('bad')], [{ text: 'I see.' }]],
        slow: [[{ text: 'Half a' }, { stall: true }]],
        bad: [[{ status: 401, message: 'no' }]],
      }),
    });
    bench.prompt('go');
    await bench.model.whenRequested(3);
    await bench.server.sessions.stop(child(0));
    await bench.whenEnded();
    expect(bench.calls.map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(bench.call(0).result).toContain('The sub-agent was stopped before it was done.');
    expect(bench.call(1).result).toContain('The sub-agent failed.');
    expect(bench.turn.state).toBe('done');
  });

  it('that is deleted is told to the parent', async () => {
    await start({
      script: byPrompt({ go: [[task('slow')], [{ text: 'I see.' }]], slow: [[{ stall: true }]] }),
    });
    bench.prompt('go');
    await bench.model.whenRequested(2);
    await bench.server.sessions.delete(child(0));
    await bench.whenEnded();
    expect(bench.call(0)).toMatchObject({
      state: 'failed',
      result: expect.stringContaining('stopped before it was done'),
    });
    expect(bench.turn.state).toBe('done');
  });

  it('has sub-agents of its own, but those have none', async () => {
    await start({
      script: byPrompt({
        go: [[task('one')], [{ text: 'Top.' }]],
        one: [[task('two')], [{ text: 'Middle.' }]],
        two: [[task('three')], [{ text: 'Bottom.' }]],
      }),
    });
    await bench.promptAndWait('go');
    expect(bench.call(0).result).toBe('Middle.');
    expect(children().map(({ title }) => title)).toEqual(['Do one', 'Do two']);
    expect(requestsOf('two')[1]?.text).toContain('There is no tool “task”.');
  });

  it('gives at most 16 KiB', async () => {
    await start({
      script: byPrompt({
        go: [[task('child')], [{ text: 'Done.' }]],
        child: [[{ text: `begin${'x'.repeat(100_000)}end` }]],
      }),
    });
    await bench.promptAndWait('go');
    const { result } = bench.call(0);
    expect(result?.length).toBeLessThan(17_000);
    expect(result).toMatch(/^begin[\s\S]*characters left out[\s\S]*end$/);
  });

  it('that is isolated works in a fork, once also after a restart', async () => {
    const held = gate();
    let isHeld = true;
    await start({
      files: { a: 'one\n' },
      script: (request) => {
        const { lastUserText, step } = request;
        if (lastUserText === 'go')
          return step === 0 ? [task('child', { isolated: true })] : [{ text: 'Done.' }];
        if (step === 0) return [call('write_file', { path: 'b', content: 'x' })];
        return isHeld ? [{ text: 'W', gate: held.wait }] : [{ text: 'Wrote b.' }];
      },
    });
    bench.prompt('go');
    await bench.model.whenRequested(3);
    bench.restart();
    isHeld = false;
    held.open();
    await bench.whenEnded();
    expect(children()).toHaveLength(1);
    expect(children()[0]?.workspaceId).not.toBe(bench.workspaceId);
    const { result } = bench.call(0);
    const name = /It worked in the fork “(task-[a-z0-9]+)”/.exec(result ?? '')?.[1] ?? '';
    expect(result).toContain('Wrote b.');
    expect(bench.file(`../${name}/b`)).toBe('x');
    expect(() => bench.file('b')).toThrow('ENOENT');
  });

  it('asks a person as any agent does', async () => {
    await start({
      approvalPolicy: 'ask_writes',
      script: byPrompt({
        go: [[task('child')], [{ text: 'Done.' }]],
        child: [[call('write_file', { path: 'b', content: 'x' })], [{ text: 'Wrote b.' }]],
      }),
    });
    bench.prompt('go');
    await bench.when(() => bench.server.approvals.open().length > 0);
    const [asked] = bench.server.approvals.open();
    expect(asked).toMatchObject({ sessionId: child(0), subject: { kind: 'edit' } });
    expect(children()[0]?.state).toBe('blocked');
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('working');
    if (asked)
      bench.server.approvals.decide(
        { approvalId: asked.id, hash: asked.hash, decision: { kind: 'allow', scope: 'once' } },
        'page',
      );
    await bench.whenEnded();
    expect(bench.file('b')).toBe('x');
  });

  it('is not begun once the turn is stopped', async () => {
    await start({ script: [] });
    const id = newId('session');
    const stopped = AbortSignal.abort('stop');
    const spec = {
      description: 'd',
      prompt: 'p',
      model: 'endpoint/scripted',
      mode: 'exec',
      effort: 'default',
    } as const;
    const more = { parent: bench.sessionId, profile: null, isIsolated: false };
    const { sessions, transcripts, feed } = bench.server;
    const subAgents = createSubAgents({
      sessions: () => sessions,
      transcripts,
      feed,
      workspaces: {
        get: () => {
          throw new Error('not asked');
        },
      },
    });
    await subAgents.start(id, { ...spec, ...more }, stopped);
    expect(children()).toEqual([]);
    expect(subAgents.canIsolate).toBe(false);
    // As after a restart in which it was deleted.
    expect(await subAgents.result(id, new AbortController().signal)).toMatchObject({
      state: 'failed',
      text: 'Its session was deleted.',
    });
    await subAgents.start(id, { ...spec, ...more }, new AbortController().signal);
    await subAgents.start(id, { ...spec, ...more }, new AbortController().signal);
    expect(children().map((one) => one.id)).toEqual([id]);
    expect(transcripts.items(id).filter(({ kind }) => kind === 'turn')).toHaveLength(1);
  });
});
