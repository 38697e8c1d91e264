import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from './testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown) => ({ call: { name, arguments: args } });

const systemOf = (index: number) => String(bench.model.requests[index]?.messages[0]?.content);
const toolsOf = (index: number): string[] => {
  const body = JSON.parse(bench.model.requests[index]?.text ?? '{}') as {
    tools: { function: { name: string } }[];
  };
  return body.tools.map((tool) => tool.function.name);
};

async function whenAsked() {
  await bench.when(() => bench.server.approvals.open().length > 0);
  const [asked] = bench.server.approvals.open();
  if (!asked) throw new Error('nothing is asked');
  return asked;
}

async function decide(decision: { kind: 'allow'; scope: 'once' } | { kind: 'deny'; reason: string }) {
  const { id: approvalId, hash } = await whenAsked();
  bench.server.approvals.decide({ approvalId, hash, decision }, 'page');
}

describe('the modes of the built-in agent', () => {
  it('are told before the first message, exec first', async () => {
    await start({ script: [] });
    await bench.when(() => bench.server.sessions.controls().length > 0);
    expect(bench.controls).toMatchObject({ mode: 'exec', canAttachImages: true });
    expect(bench.controls.modes.map(({ id }) => id)).toEqual(['exec', 'plan']);
    expect(bench.controls.options.map(({ id, category, value }) => [id, category, value])).toEqual([
      ['effort', 'effort', 'default'],
      ['profile', 'profile', 'none'],
    ]);
    expect(bench.controls.commands.map(({ name }) => name)).toEqual(['compact', 'init']);
  });

  it('refuse what is none of them', async () => {
    await start({ script: [] });
    const refused = expect.objectContaining({ code: 'session.unknown_control' });
    await expect(bench.setControl('mode', 'yolo')).rejects.toEqual(refused);
    await expect(bench.setControl('effort', 'utmost')).rejects.toEqual(refused);
    await expect(bench.setControl('profile', 'ghost')).rejects.toEqual(refused);
    await expect(bench.setControl('colour', 'red')).rejects.toEqual(refused);
  });

  it('offer only reading in plan mode, and run nothing else', async () => {
    await start({
      files: { a: 'one\n' },
      script: [
        [
          call('write_file', { path: 'b', content: 'x' }),
          call('bash', { command: 'touch c' }),
          call('read_file', { path: 'a' }),
        ],
        [{ text: 'I see.' }],
      ],
    });
    await bench.setControl('mode', 'plan');
    await bench.promptAndWait('look');
    expect(bench.calls.map(({ tool, state }) => [tool, state])).toEqual([
      ['write_file', 'failed'],
      ['bash', 'failed'],
      ['read_file', 'done'],
    ]);
    expect(bench.call(1).result).toContain('not available in plan mode');
    expect(() => bench.file('b')).toThrow('ENOENT');
    expect(() => bench.file('c')).toThrow('ENOENT');
    expect(toolsOf(0).toSorted()).toEqual([
      'exit_plan',
      'list_files',
      'read_file',
      'read_output',
      'search',
      'task',
      'todo',
    ]);
    expect(systemOf(0)).toContain('Mode: plan.');
  });

  it('go on working in the same turn when the plan is accepted', async () => {
    await start({
      script: [
        [call('exit_plan', { plan: '# Plan\nWrite b.' })],
        [call('write_file', { path: 'b', content: 'x' })],
        [{ text: 'Done.' }],
      ],
    });
    await bench.setControl('mode', 'plan');
    bench.prompt('do it');
    expect(await whenAsked()).toMatchObject({
      subject: { kind: 'plan', text: '# Plan\nWrite b.' },
      itemId: bench.call(0).id,
      canEdit: false,
    });
    await decide({ kind: 'allow', scope: 'once' });
    await bench.whenEnded();
    expect(bench.file('b')).toBe('x');
    expect(bench.controls.mode).toBe('exec');
    expect(bench.call(0)).toMatchObject({
      state: 'done',
      view: { kind: 'markdown', text: '# Plan\nWrite b.' },
    });
    expect(systemOf(1)).toContain('Mode: exec.');
    expect(toolsOf(1)).toContain('bash');
    expect(toolsOf(1)).not.toContain('exit_plan');
  });

  it('stay in plan mode when the plan is denied, and give the reason to the model', async () => {
    await start({
      script: [
        [call('exit_plan', { plan: 'Delete all.' })],
        [call('bash', { command: 'touch b' })],
        [{ text: 'Hm.' }],
      ],
    });
    await bench.setControl('mode', 'plan');
    bench.prompt('do it');
    await decide({ kind: 'deny', reason: 'Too much.' });
    await bench.whenEnded();
    expect(bench.call(0).result).toContain('did not accept the plan: Too much.');
    expect(bench.call(1).state).toBe('failed');
    expect(bench.controls.mode).toBe('plan');
  });

  it('keep a plan waiting over a restart, and ask it once', async () => {
    await start({
      script: [
        [call('exit_plan', { plan: 'Write b.' })],
        [call('write_file', { path: 'b', content: 'x' })],
        [{ text: 'Done.' }],
      ],
    });
    await bench.setControl('mode', 'plan');
    bench.prompt('do it');
    const before = await whenAsked();
    bench.restart();
    await bench.when(() => bench.server.sessions.get(bench.sessionId).state === 'blocked');
    expect((await whenAsked()).id).toBe(before.id);
    await decide({ kind: 'allow', scope: 'once' });
    await bench.whenEnded();
    expect(bench.file('b')).toBe('x');
    expect(bench.calls.map(({ tool, state }) => [tool, state])).toEqual([
      ['exit_plan', 'done'],
      ['write_file', 'done'],
    ]);
  });

  it('keep a plan that names a secret waiting over a restart too', async () => {
    await start({
      secrets: { TOKEN: 'swordfish-4711' },
      script: [[call('exit_plan', { plan: 'Use swordfish-4711.' })], [{ text: 'Done.' }]],
    });
    await bench.setControl('mode', 'plan');
    bench.prompt('do it');
    const before = await whenAsked();
    expect(before.subject).toEqual({ kind: 'plan', text: 'Use [secret TOKEN].' });
    bench.restart();
    await bench.when(() => bench.server.sessions.get(bench.sessionId).state === 'blocked');
    expect((await whenAsked()).id).toBe(before.id);
    await decide({ kind: 'allow', scope: 'once' });
    await bench.whenEnded();
    expect(bench.call(0).state).toBe('done');
    expect(bench.controls.mode).toBe('exec');
  });

  it('have no plan to end in exec mode', async () => {
    await start({ script: [[call('exit_plan', { plan: 'Go.' })], [{ text: 'Oh.' }]] });
    await bench.promptAndWait('go');
    expect(bench.call(0)).toMatchObject({ state: 'failed', result: '“exit_plan” is only for plan mode.' });
    expect(bench.server.approvals.list({ sessionId: null, isOpen: false })).toEqual([]);
  });

  it('end the question with the turn', async () => {
    await start({ script: [[call('exit_plan', { plan: 'Go.' })]] });
    await bench.setControl('mode', 'plan');
    bench.prompt('go');
    await whenAsked();
    await bench.server.sessions.stop(bench.sessionId);
    expect(bench.turn.state).toBe('stopped');
    expect(bench.server.approvals.open()).toEqual([]);
  });
});
