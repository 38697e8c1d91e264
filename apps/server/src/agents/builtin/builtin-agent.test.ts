import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from './testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown) => ({ call: { name, arguments: args } });

describe('a turn of the built-in agent', () => {
  it('repairs a failing test in several steps', async () => {
    await start({
      files: {
        'sum.js': 'exports.sum = (a, b) => a - b;\n',
        'test.js': "require('assert').equal(require('./sum').sum(1, 2), 3);\nconsole.log('ok');\n",
      },
      script: [
        [{ text: 'I run the tests first.', chunks: 5 }, call('bash', { command: 'node test.js' })],
        [call('read_file', { path: 'sum.js' }), call('list_files', {})],
        [
          {
            call: { name: 'edit_file', arguments: { path: 'sum.js', old_text: 'a - b', new_text: 'a + b' } },
            chunks: 7,
          },
        ],
        [call('bash', { command: 'node test.js', description: 'Run the tests' })],
        [{ text: 'The test passes.', chunks: 3 }, { usage: { input: 100, output: 20, cached: 60 } }],
      ],
    });
    const page = bench.watchAsPage();
    await bench.promptAndWait('make the test pass');
    expect(bench.turn).toMatchObject({
      state: 'done',
      error: null,
      usage: { input: 140, output: 40, cachedInput: 60 },
    });
    expect(bench.file('sum.js')).toBe('exports.sum = (a, b) => a + b;\n');
    expect(bench.calls.map(({ tool, state, title }) => [tool, state, title])).toEqual([
      ['bash', 'failed', 'node test.js'],
      ['read_file', 'done', 'sum.js'],
      ['list_files', 'done', '.'],
      ['edit_file', 'done', 'sum.js'],
      ['bash', 'done', 'Run the tests'],
    ]);
    expect(bench.call(3).view).toMatchObject({ kind: 'diff', path: 'sum.js' });
    expect(bench.call(4)).toMatchObject({ output: 'ok\n', exit: { kind: 'exited', code: 0 } });
    expect(bench.texts).toEqual(['I run the tests first.', 'The test passes.']);
    expect(page()).toEqual(bench.items);
    expect(bench.server.sessions.get(bench.sessionId)).toMatchObject({
      state: 'done',
      title: 'make the test pass',
      model: 'endpoint/scripted',
    });
  });

  it('tells the model of the host, the workspace and the repository’s advice', async () => {
    await start({ files: { 'AGENTS.md': 'Use tabs.' }, script: [[{ text: 'Hello.' }]] });
    await bench.promptAndWait('hi');
    const system = String(bench.model.requests[0]?.messages[0]?.content);
    expect(system).toContain(bench.directory);
    expect(system).toContain('<repository_advice>\nUse tabs.');
    expect(bench.model.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('shows what the model thinks apart from what it says', async () => {
    await start({ script: [[{ reasoning: 'Hm, hm.', chunks: 3 }, { text: 'Yes.' }, { finish: 'length' }]] });
    await bench.promptAndWait('hi');
    expect(bench.items.slice(2)).toMatchObject([
      { kind: 'reasoning', text: 'Hm, hm.', done: true },
      { kind: 'text', text: 'Yes.', done: true },
      { kind: 'notice', level: 'warning', text: 'The answer was cut at the model’s output limit.' },
    ]);
  });

  it('gives up a turn that goes in circles, and says so', async () => {
    await start({ script: () => [call('todo', { todos: [] })], mostSteps: 5 });
    await bench.promptAndWait('go');
    expect(bench.model.requests).toHaveLength(5);
    expect(bench.turn.state).toBe('stopped');
    expect(bench.items.at(-1)).toMatchObject({ kind: 'notice', text: expect.stringContaining('5 steps') });
  });

  it('sends the whole conversation with a second message', async () => {
    await start({ script: [[{ text: 'One.' }], [{ text: 'Two.' }]] });
    await bench.promptAndWait('first');
    await bench.promptAndWait('second');
    const roles = bench.model.requests[1]?.messages.map(({ role, content }) => [role, content]).slice(1);
    expect(roles).toEqual([
      ['user', 'first'],
      ['assistant', 'One.'],
      ['user', 'second'],
    ]);
  });

  it('gives arguments that are no JSON, or do not fit, back to the model as an error', async () => {
    await start({
      script: [
        [call('bash', '{"command": "echo'), call('bash', { cmd: 'echo' }), call('fly', {})],
        [{ text: 'I see.' }],
      ],
    });
    await bench.promptAndWait('go');
    expect(bench.calls.map(({ state, result }) => [state, result?.split('\n')[0]])).toEqual([
      ['failed', 'The arguments are not valid JSON. The call was not run.'],
      ['failed', 'The arguments do not fit, so the call was not run.'],
      ['failed', 'There is no tool “fly”.'],
    ]);
    const results = bench.model.requests[1]?.messages.filter(({ role }) => role === 'tool');
    expect(results?.map(({ content }) => String(content).split('\n')[0])).toEqual(
      bench.calls.map(({ result }) => result?.split('\n')[0]),
    );
    expect(bench.turn.state).toBe('done');
  });

  it('takes call ids that a model uses again for what they are', async () => {
    const again = (command: string) => ({ call: { name: 'bash', arguments: { command }, id: 'call_1' } });
    await start({ script: [[again('echo one')], [again('echo two')], [{ text: 'Done.' }]] });
    await bench.promptAndWait('go');
    expect(bench.calls.map(({ output }) => output)).toEqual(['one\n', 'two\n']);
    const results = bench.model.requests[2]?.messages.filter(({ role }) => role === 'tool');
    expect(results?.map(({ content }) => content)).toEqual(['one\n[exit status 0]', 'two\n[exit status 0]']);
  });

  it('shows an image to the model', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await start({
      files: { 'dot.png': png },
      script: [[call('read_file', { path: 'dot.png' })], [{ text: 'A dot.' }]],
    });
    await bench.promptAndWait('look');
    expect(bench.call(0).view).toMatchObject({ kind: 'image', path: 'dot.png' });
    expect(bench.model.requests[1]?.text).toContain(`data:image/png;base64,${png.toString('base64')}`);
  });

  it('refuses paths that lead out of the workspace', async () => {
    await start({
      script: [
        [call('read_file', { path: '../db.sqlite' }), call('write_file', { path: 'out/x', content: '1' })],
        [{ text: 'No.' }],
      ],
    });
    const { symlinkSync } = await import('node:fs');
    symlinkSync(bench.folder, `${bench.directory}/out`);
    await bench.promptAndWait('go');
    expect(bench.calls.map(({ result }) => result)).toEqual([
      '../db.sqlite leads out of the workspace. Give a path inside the workspace.',
      'out/x leads out of the workspace. Give a path inside the workspace.',
    ]);
  });

  it('has no model: says so before anything is stored', async () => {
    await start({ script: [] });
    const sessions = bench.server.sessions;
    expect(() => sessions.prompt(bench.sessionId, 'hi', { model: 'nowhere/x' })).toThrowError(
      expect.objectContaining({ code: 'model.unknown' }),
    );
    expect(bench.items).toEqual([]);
  });
});
