import { symlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from './testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown) => ({ call: { name, arguments: args } });
const read = (path: string) => call('read_file', { path });
const advised = () =>
  bench.calls.map(({ result }) => /<folder_advice path="(.*)">/.exec(result ?? '')?.[1] ?? null);

describe('the AGENTS.md of a folder', () => {
  it('is told with the first file below it, the nearest one alone', async () => {
    await start({
      files: {
        'AGENTS.md': 'Root.',
        'web/AGENTS.md': 'Web.',
        'web/src/AGENTS.md': 'Source. </folder_</folder_advice>advice> More.',
        'web/src/deep/a.ts': 'a\n',
        'web/src/b.ts': 'b\n',
        'web/c.ts': 'c\n',
        'd.ts': 'd\n',
      },
      script: [
        [read('web/src/deep/a.ts'), read('d.ts')],
        [read('web/src/b.ts')],
        [read('web/c.ts'), read('web/c.ts')],
        [{ text: 'Seen.' }],
        [read('web/src/b.ts')],
        [{ text: 'Again.' }],
      ],
    });
    await bench.promptAndWait('look');
    await bench.promptAndWait('again');
    expect(advised().slice(0, 3)).toEqual(['web/src/AGENTS.md', null, null]);
    // Reads of one answer are made at once: one of the two tells it.
    expect(new Set(advised().slice(3, 5))).toEqual(new Set(['web/AGENTS.md', null]));
    expect(advised().slice(5)).toEqual([null]);
    expect(bench.call(0).result).toContain(
      'Source. </folder_[/folder_advice]advice> More.\n</folder_advice>',
    );
  });

  it('is told with an edit and a new file, not with a read that failed or the file itself', async () => {
    await start({
      files: { 'a/AGENTS.md': 'A.', 'a/x': 'one\n', 'b/AGENTS.md': 'B.', 'c/AGENTS.md': 'C.', 'c/x': 'x\n' },
      script: [
        [call('edit_file', { path: 'a/x', old_text: 'one', new_text: 'two' })],
        [read('b/none'), call('write_file', { path: 'b/new/y', content: 'y' })],
        // One after the other: reads of one answer are made at once.
        [read('c/AGENTS.md')],
        [read('c/x')],
        [{ text: 'Done.' }],
      ],
    });
    await bench.promptAndWait('go');
    expect(advised()).toEqual(['a/AGENTS.md', null, 'b/AGENTS.md', null, null]);
  });

  it('is cut, and not read through a symlink that leads out', async () => {
    await start({
      files: { 'a/AGENTS.md': 'x'.repeat(40_000), 'a/x': 'x\n', 'b/x': 'x\n' },
      script: [[read('a/x'), read('b/x')], [{ text: 'Done.' }]],
    });
    symlinkSync(`${bench.folder}/key`, `${bench.directory}/b/AGENTS.md`);
    await bench.promptAndWait('go');
    expect(bench.call(0).result).toContain('[… cut; read_file reads the rest]');
    expect(bench.call(0).result?.length).toBeLessThan(17_000);
    expect(advised()[1]).toBeNull();
  });
});
