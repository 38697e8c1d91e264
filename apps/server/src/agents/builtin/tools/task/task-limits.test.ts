import { rmSync } from 'node:fs';
import type { SessionId } from '@farhand/shared/model/ids';
import { afterEach, describe, expect, it } from 'vitest';
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

describe('the limits of a sub-agent', () => {
  it('only reads where its parent plans', async () => {
    await start({
      script: byPrompt({
        go: [[task('child')], [{ text: 'Done.' }]],
        child: [[call('bash', { command: 'touch b' })], [{ text: 'I only looked.' }]],
      }),
    });
    await bench.setControl('mode', 'plan');
    await bench.setControl('effort', 'high');
    await bench.promptAndWait('go');
    const controls = bench.server.sessions.controls().find(({ id }) => id === child(0));
    expect(controls).toMatchObject({ mode: 'plan' });
    expect(controls?.options.find(({ id }) => id === 'effort')?.value).toBe('high');
    expect(() => bench.file('b')).toThrow('ENOENT');
  });

  it('has a profile, and is not begun with one that there is not', async () => {
    await start({
      files: { '.farhand/agents/reader.md': '---\ntools: [read_file]\n---\nRead only.' },
      script: byPrompt({
        go: [
          [task('child', { profile: 'reader' }), task('other', { profile: 'ghost' })],
          [{ text: 'Done.' }],
        ],
        child: [[call('bash', { command: 'touch b' })], [{ text: 'No.' }]],
      }),
    });
    await bench.promptAndWait('go');
    expect(String(requestsOf('child')[0]?.messages[0]?.content)).toContain('Read only.');
    expect(() => bench.file('b')).toThrow('ENOENT');
    expect(bench.call(1)).toMatchObject({
      state: 'failed',
      result: 'There is no profile “ghost”. Profiles: reader.',
    });
    expect(children()).toHaveLength(1);
  });

  it('has the limits of the profile that its parent has', async () => {
    await start({
      files: { '.farhand/agents/lead.md': '---\ntools: [task, read_file]\n---\n' },
      script: byPrompt({
        go: [[task('child')], [{ text: 'Done.' }]],
        child: [[call('bash', { command: 'touch b' })], [{ text: 'No.' }]],
      }),
    });
    await bench.setControl('profile', 'lead');
    await bench.promptAndWait('go');
    expect(requestsOf('child')[1]?.text).toContain('does not allow the tool');
    expect(() => bench.file('b')).toThrow('ENOENT');
  });

  it('has no profile, by its name or by a command, that allows more than its parent may', async () => {
    await start({
      files: {
        '.farhand/agents/lead.md': '---\ntools: [task, read_*]\n---\n',
        '.farhand/agents/all.md': 'No limits.',
        '.farhand/agents/bash.md': '---\ntools: [read_file, bash]\n---\n',
        '.farhand/agents/less.md': '---\ntools: [read_file]\n---\n',
        '.farhand/commands/free.md': '---\nprofile: all\n---\nfree',
      },
      script: byPrompt({
        go: [
          [
            task('one', { profile: 'all' }),
            task('two', { profile: 'bash' }),
            task('less', { profile: 'less' }),
            task('/free'),
          ],
          [{ text: 'Done.' }],
        ],
        less: [[{ text: 'Less.' }]],
        free: [[call('bash', { command: 'touch b' })], [{ text: 'No.' }]],
      }),
    });
    await bench.setControl('profile', 'lead');
    await bench.promptAndWait('go');
    expect(bench.calls.map(({ state }) => state)).toEqual(['failed', 'failed', 'done', 'done']);
    expect(bench.call(0).result).toContain('allows tools that your own profile “lead” does not');
    expect(requestsOf('free')[1]?.text).toContain('does not allow the tool');
    expect(() => bench.file('b')).toThrow('ENOENT');
  });

  it('is not begun where the fork has not the profile that limits it', async () => {
    await start({
      files: {
        '.gitignore': '.farhand\n',
        '.farhand/agents/lead.md': '---\ntools: [task, read_file]\n---\n',
      },
      script: byPrompt({
        go: [[task('child', { isolated: true })], [{ text: 'Done.' }]],
        child: [[call('bash', { command: 'touch b' })], [{ text: 'Free.' }]],
      }),
    });
    await bench.setControl('profile', 'lead');
    await bench.promptAndWait('go');
    expect(bench.call(0).state).toBe('failed');
    expect(requestsOf('child')).toEqual([]);
  });

  it('does nothing once the profile that limits it is gone', async () => {
    const held = gate();
    await start({
      files: { '.farhand/agents/lead.md': '---\ntools: [task, read_file]\n---\n' },
      script: byPrompt({
        go: [[task('child')], [{ text: 'Done.' }]],
        child: [[{ text: 'W', gate: held.wait }]],
      }),
    });
    await bench.setControl('profile', 'lead');
    bench.prompt('go');
    await bench.model.whenRequested(2);
    rmSync(`${bench.directory}/.farhand/agents/lead.md`);
    bench.restart();
    held.open();
    await bench.whenEnded();
    expect(bench.call(0).result).toContain('without its limits nothing is done');
  });

  it('makes no fork in plan mode', async () => {
    await start({
      script: byPrompt({ go: [[task('child', { isolated: true })], [{ text: 'Done.' }]] }),
    });
    await bench.setControl('mode', 'plan');
    await bench.promptAndWait('go');
    expect(bench.call(0)).toMatchObject({
      state: 'failed',
      result: expect.stringContaining('Plan mode only reads'),
    });
    expect(children()).toEqual([]);
  });
});
