import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from '../testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown) => ({ call: { name, arguments: args } });
const notices = () => bench.items.flatMap((item) => (item.kind === 'notice' ? [item.text] : []));
const profiles = () => bench.controls.options.find(({ id }) => id === 'profile');

const REVIEWER =
  '---\nname: Reviewer\ndescription: Reads only.\ntools: read_file, search*\n---\nBe strict.\n';

describe('profiles', () => {
  it('are the Markdown files of .farhand/agents', async () => {
    await start({
      files: { '.farhand/agents/reviewer.md': REVIEWER, '.farhand/agents/notes.txt': 'x' },
      script: [],
    });
    await bench.when(() => bench.server.sessions.controls().length > 0 && profiles()?.choices.length === 2);
    expect(profiles()?.choices.map(({ value, name, description }) => [value, name, description])).toEqual([
      ['none', 'None', null],
      ['reviewer', 'Reviewer', 'Reads only.'],
    ]);
  });

  it('give their prompt to the model and limit its tools, also where it calls others', async () => {
    await start({
      files: { '.farhand/agents/reviewer.md': REVIEWER, a: 'one\n' },
      script: [[call('bash', { command: 'touch b' }), call('read_file', { path: 'a' })], [{ text: 'Fine.' }]],
    });
    await bench.setControl('profile', 'reviewer');
    await bench.promptAndWait('review');
    const [request] = bench.model.requests;
    expect(String(request?.messages[0]?.content)).toContain('“Reviewer” for you:\nBe strict.');
    const { tools } = JSON.parse(request?.text ?? '{}') as { tools: { function: { name: string } }[] };
    expect(tools.map((tool) => tool.function.name)).toEqual(['read_file', 'search']);
    expect(bench.calls.map(({ state }) => state)).toEqual(['failed', 'done']);
    expect(bench.call(0).result).toBe('The profile “Reviewer” does not allow the tool “bash”.');
    expect(() => bench.file('b')).toThrow('ENOENT');
  });

  it('allow nothing where the list is empty', async () => {
    await start({
      files: { '.farhand/agents/quiet.md': '---\ntools: []\n---\n' },
      script: [[call('read_file', { path: 'a' })], [{ text: 'Well.' }]],
    });
    await bench.setControl('profile', 'quiet');
    await bench.promptAndWait('go');
    expect(bench.call(0).state).toBe('failed');
  });

  it('choose their model where it is known, and say so where it is not', async () => {
    await start({
      files: {
        '.farhand/agents/big.md': '---\nmodel: endpoint/big\n---\n',
        '.farhand/agents/odd.md': '---\nmodel: nowhere/odd\n---\n',
      },
      script: [[{ text: 'One.' }], [{ text: 'Two.' }]],
    });
    await bench.setControl('profile', 'big');
    await bench.promptAndWait('go');
    await bench.setControl('profile', 'odd');
    await bench.promptAndWait('go');
    expect(bench.model.requests.map(({ model }) => model)).toEqual(['big', 'scripted']);
    expect(notices()).toEqual([
      expect.stringContaining('“nowhere/odd” of the profile or command is not set up'),
    ]);
  });

  it('are found when they are written after the session began', async () => {
    await start({ script: [] });
    await bench.when(() => bench.server.sessions.controls().length > 0);
    mkdirSync(`${bench.directory}/.farhand/agents`, { recursive: true });
    writeFileSync(`${bench.directory}/.farhand/agents/late.md`, 'Be late.');
    await bench.setControl('profile', 'late');
    expect(profiles()?.value).toBe('late');
  });

  it('that are broken are left out with file and reason, once, and break no turn', async () => {
    await start({
      files: {
        '.farhand/agents/good.md': 'Fine.',
        '.farhand/agents/open.md': '---\nname: a\n',
        '.farhand/agents/bomb.md': '---\na: &a [x]\nb: [*a, *a]\n---\n',
        '.farhand/agents/deep.md': `---\na: ${'['.repeat(5000)}\n---\n`,
        '.farhand/agents/tools.md': '---\ntools: {bash: yes}\n---\n',
        '.farhand/agents/large.md': 'x'.repeat(70_000),
        '.farhand/agents/bytes.md': new Uint8Array([0xff, 0xfe, 0x00]),
        '.farhand/agents/a b\u001b[31m.md': 'x',
        '.farhand/agents/none.md': 'x',
      },
      script: [[{ text: 'One.' }], [{ text: 'Two.' }]],
    });
    symlinkSync('/etc/passwd', `${bench.directory}/.farhand/agents/link.md`);
    await bench.promptAndWait('go');
    const told = notices();
    for (const name of ['open', 'bomb', 'deep', 'tools', 'large', 'bytes', 'none'])
      expect(told.filter((text) => text.startsWith(`.farhand/agents/${name}.md is left out:`))).toHaveLength(
        1,
      );
    expect(told).toHaveLength(8);
    expect(told.join('')).not.toContain('\u001b');
    expect(profiles()?.choices.map(({ value }) => value)).toEqual(['none', 'good']);
    await bench.promptAndWait('go');
    expect(bench.turn.state).toBe('done');
    expect(notices()).toHaveLength(8);
  });

  it('are not read through a folder that leads out of the workspace', async () => {
    await start({ script: [[{ text: 'One.' }], [{ text: 'Two.' }]] });
    // What is read as the session begins is read by then.
    await bench.promptAndWait('go');
    mkdirSync(`${bench.folder}/outside`);
    writeFileSync(`${bench.folder}/outside/spy.md`, 'Spy.');
    mkdirSync(`${bench.directory}/.farhand`);
    symlinkSync(`${bench.folder}/outside`, `${bench.directory}/.farhand/agents`);
    await bench.promptAndWait('go');
    expect(notices()).toEqual([expect.stringContaining('leads out of the workspace')]);
    expect(profiles()?.choices).toHaveLength(1);
  });

  it('are at most fifty', async () => {
    const many = Array.from({ length: 60 }, (_, index) => [`.farhand/agents/p${index}.md`, 'x'] as const);
    await start({ files: Object.fromEntries(many), script: [[{ text: 'One.' }]] });
    await bench.promptAndWait('go');
    expect(profiles()?.choices).toHaveLength(51);
    expect(notices()).toEqual([expect.stringContaining('more than 50 files')]);
  });

  it('that are gone are said to be, and the choice stays', async () => {
    await start({ files: { '.farhand/agents/reviewer.md': REVIEWER }, script: [[{ text: 'One.' }]] });
    await bench.setControl('profile', 'reviewer');
    const { rmSync } = await import('node:fs');
    rmSync(`${bench.directory}/.farhand`, { recursive: true });
    await bench.promptAndWait('go');
    expect(bench.turn.state).toBe('done');
    expect(notices()).toEqual(['There is no profile “reviewer”: the turn goes on without one.']);
    expect(profiles()).toMatchObject({ value: 'reviewer' });
  });
});
