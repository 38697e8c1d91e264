import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from '../testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown) => ({ call: { name, arguments: args } });
const asked = () => bench.items.flatMap((item) => (item.kind === 'user_message' ? [item.text] : []));

describe('slash commands', () => {
  it('are published with those that are built in', async () => {
    await start({
      files: {
        '.farhand/commands/review.md':
          '---\ndescription: Reviews a file.\nargument-hint: <file>\n---\nReview $1.',
        '.farhand/commands/plain.md': 'Do the usual.\nAll of it.',
        '.farhand/commands/compact.md': 'Mine.',
      },
      script: [[{ text: 'One.' }]],
    });
    await bench.promptAndWait('go');
    expect(bench.controls.commands.slice(2)).toEqual([
      { name: 'plain', description: 'Do the usual.', hint: null },
      { name: 'review', description: 'Reviews a file.', hint: '<file>' },
    ]);
    expect(bench.items).toContainEqual(
      expect.objectContaining({ kind: 'notice', text: expect.stringContaining('/compact is built in') }),
    );
  });

  it('are expanded for the model, while the transcript shows what was written', async () => {
    await start({
      files: { '.farhand/commands/review.md': 'Review $1 for $2.' },
      script: [[{ text: 'Fine.' }], [{ text: 'What?' }]],
    });
    await bench.promptAndWait('/review a.ts "odd names"');
    await bench.promptAndWait('/nothing here');
    expect(bench.model.requests.map(({ lastUserText }) => lastUserText)).toEqual([
      'Review a.ts for odd names.',
      '/nothing here',
    ]);
    expect(asked()).toEqual(['/review a.ts "odd names"', '/nothing here']);
  });

  it('bring their profile and model for their turn alone, after a restart too', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    await start({
      files: {
        '.farhand/agents/reader.md': '---\ntools: [read_file]\n---\nOnly read.',
        '.farhand/commands/look.md': '---\nprofile: reader\nmodel: endpoint/other\n---\nLook.',
        a: 'x\n',
      },
      script: (request) => {
        if (request.lastUserText !== 'Look.') return [{ text: 'Hello.' }];
        if (bench.model.requests.length === 0) return [{ text: 'Hm', gate }];
        return request.step === 0 ? [call('bash', { command: 'touch b' })] : [{ text: 'Seen.' }];
      },
    });
    bench.prompt('/look');
    await bench.model.whenRequested(1);
    bench.restart();
    release();
    await bench.whenEnded();
    await bench.promptAndWait('hi');
    expect(bench.model.requests.map(({ model }) => model)).toEqual(['other', 'other', 'other', 'scripted']);
    expect(bench.call(0).state).toBe('failed');
    const last = String(bench.model.requests[3]?.messages[0]?.content);
    expect(last).not.toContain('Only read.');
  });

  it('keep secrets from the model', async () => {
    await start({
      files: { '.farhand/commands/deploy.md': 'Use swordfish-4711.' },
      secrets: { TOKEN: 'swordfish-4711' },
      script: [[{ text: 'No.' }]],
    });
    await bench.promptAndWait('/deploy');
    expect(bench.model.requests[0]?.lastUserText).toBe('Use [secret TOKEN].');
  });

  it('have /init ask for an AGENTS.md', async () => {
    await start({ script: [[{ text: 'Done.' }]] });
    await bench.promptAndWait('/init keep it short');
    const text = bench.model.requests[0]?.lastUserText ?? '';
    expect(text).toContain('write AGENTS.md in its root');
    expect(text).toContain('keep it short');
  });
});
