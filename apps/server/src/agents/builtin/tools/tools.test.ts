import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolCallItem } from '@farhand/shared/model/transcripts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench } from '../testing/agent-bench.ts';
import { playCalls } from '../testing/play-calls.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const run = async (...given: Parameters<typeof playCalls>) => {
  bench = await playCalls(...given);
  return bench.calls;
};

const outcomes = (calls: readonly ToolCallItem[]) => calls.map(({ state, result }) => [state, result]);

describe('read_file', () => {
  it('numbers lines, reads ranges, and says what it cannot read', async () => {
    const lines = Array.from({ length: 2500 }, (_, index) => `line ${index + 1}`).join('\n');
    const calls = await run(
      [
        ['read_file', { path: 'long', offset: 2499 }],
        ['read_file', { path: 'long' }],
        ['read_file', { path: 'long', offset: 9999 }],
        ['read_file', { path: 'none' }],
        ['read_file', { path: 'binary' }],
        ['read_file', { path: 'latin' }],
        ['read_file', { path: 'empty' }],
        ['read_file', { path: 'dir' }],
      ],
      {
        files: {
          long: lines,
          binary: new Uint8Array([1, 0, 2]),
          latin: new Uint8Array([0xe9, 0x0a]),
          empty: '',
          'dir/x': '',
        },
      },
    );
    expect(calls[0]).toMatchObject({
      title: 'long:2499-',
      result: '  2499\tline 2499\n  2500\tline 2500',
      view: { firstLine: 2499 },
    });
    expect(calls[1]?.result).toMatch(
      /^ {5}1\tline 1\n[\s\S]*\n\[2500 lines in all; go on with offset 2001\]$/,
    );
    expect(calls.slice(2).map(({ result }) => result)).toEqual([
      'long has 2500 lines; there is no line 9999.',
      expect.stringMatching(/no such file/i),
      'binary is a binary file.',
      'latin is not UTF-8 text; use bash for it.',
      'empty is empty.',
      expect.stringMatching(/folder/),
    ]);
  });
});

describe('write_file', () => {
  it('makes folders, keeps the mode, and shows the difference', async () => {
    const calls = await run(
      [
        ['write_file', { path: 'new/deep/a.txt', content: 'one\ntwo\n' }],
        ['write_file', { path: 'run.sh', content: '#!/bin/sh\necho 2\n' }],
      ],
      {
        files: { 'run.sh': '#!/bin/sh\necho 1\n' },
        before: (directory) => chmodSync(join(directory, 'run.sh'), 0o755),
      },
    );
    expect(outcomes(calls)).toEqual([
      ['done', 'Made new/deep/a.txt (2 lines).'],
      ['done', 'Replaced run.sh (2 lines).'],
    ]);
    expect(bench.file('new/deep/a.txt')).toBe('one\ntwo\n');
    expect(statSync(join(bench.directory, 'run.sh')).mode & 0o777).toBe(0o755);
    expect(calls[1]?.view).toMatchObject({
      kind: 'diff',
      patch: expect.stringContaining('-echo 1\n+echo 2'),
    });
  });
});

describe('edit_file', () => {
  it('keeps line breaks of the file’s kind and what follows the last one', async () => {
    const calls = await run(
      [
        ['edit_file', { path: 'dos', old_text: 'a\nb', new_text: 'x\ny\nz' }],
        ['edit_file', { path: 'bare', old_text: 'end', new_text: 'fin' }],
        ['edit_file', { path: 'many', old_text: 'x', new_text: 'y', replace_all: true }],
      ],
      { files: { dos: 'a\r\nb\r\nc\r\n', bare: 'no break at the end', many: 'x x\nx\n' } },
    );
    expect(calls.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(bench.file('dos')).toBe('x\r\ny\r\nz\r\nc\r\n');
    expect(bench.file('bare')).toBe('no break at the fin');
    expect(calls[2]?.result).toBe('Changed many in 3 places.');
  });

  it('says where the text is too often, or what comes closest', async () => {
    const code = 'function one() {\n    return 1;\n}\n\nfunction two() {\n    return 1;\n}\n';
    const calls = await run(
      [
        ['edit_file', { path: 'a.js', old_text: 'return 1;', new_text: 'return 2;' }],
        ['edit_file', { path: 'a.js', old_text: 'function two() {\n  return 1;', new_text: 'x' }],
        ['edit_file', { path: 'a.js', old_text: 'function three() {', new_text: 'x' }],
        ['edit_file', { path: 'a.js', old_text: '%%%%', new_text: 'x' }],
        ['edit_file', { path: 'a.js', old_text: 'return', new_text: 'return' }],
        ['edit_file', { path: 'none.js', old_text: 'a', new_text: 'b' }],
      ],
      { files: { 'a.js': code } },
    );
    expect(calls.map(({ result }) => result)).toEqual([
      'old_text is there 2 times, at lines 2, 6. Give more of the text around it, or set replace_all.',
      'old_text is not in the file.\nOnly white space differs there. The closest lines are:\n     5\tfunction two() {\n     6\t    return 1;',
      expect.stringContaining('The closest lines are:\n'),
      'old_text is not in the file.\nNo line of the file looks like it: read the file again.',
      'old_text and new_text are the same: there is nothing to change.',
      expect.stringMatching(/no such file/i),
    ]);
    expect(bench.file('a.js')).toBe(code);
  });
});

describe('list_files', () => {
  it('lists a folder, or all below it that git does not ignore', async () => {
    const files = { '.gitignore': 'out\n', 'src/a b.ts': '', 'src/deep/é.ts': '' };
    const before = (directory: string) => {
      mkdirSync(join(directory, 'out'));
      writeFileSync(join(directory, 'out/x'), '');
      writeFileSync(join(directory, 'src/untracked'), '');
    };
    const calls = await run(
      [
        ['list_files', { path: 'src' }],
        ['list_files', { recursive: true }],
        ['list_files', { path: '/' }],
      ],
      { files, before },
    );
    expect(calls.map(({ result }) => result)).toEqual([
      'a b.ts\ndeep/\nuntracked',
      '.gitignore\nsrc/a b.ts\nsrc/deep/é.ts\nsrc/untracked',
      '/ leads out of the workspace. Give a path inside the workspace.',
    ]);
  });
});

describe('search', () => {
  const files = {
    'a b.txt': 'one\nneedle: here\n',
    'src/x.ts': 'NEEDLE\nneedle\n',
    '.gitignore': 'out\n',
    'many.txt': 'm\n'.repeat(300),
    bin: new Uint8Array([0, 109, 10]),
  };
  const calls: Parameters<typeof playCalls>[0] = [
    ['search', { pattern: 'needle' }],
    ['search', { pattern: 'need(le|y)', path: 'src', ignore_case: true }],
    ['search', { pattern: 'needle', glob: '*.ts' }],
    ['search', { pattern: '-nothing' }],
    ['search', { pattern: '^m$' }],
  ];
  const without =
    (...names: ('gitVersion' | 'hasRipgrep')[]) =>
    (runtime: Runtime): Runtime => ({
      ...runtime,
      facts: async () => ({
        ...(await runtime.facts()),
        hasRipgrep: false,
        ...(names.includes('gitVersion') ? { gitVersion: null } : {}),
      }),
    });

  it.each([
    ['git grep', without('hasRipgrep')],
    ['grep', without('hasRipgrep', 'gitVersion')],
  ])('finds lines by %s', async (_, wrap) => {
    const found = await run(calls, { files, wrap });
    expect(found[0]?.result?.split('\n').toSorted()).toEqual([
      'a b.txt:2: needle: here',
      'src/x.ts:2: needle',
    ]);
    expect(found[0]?.view).toMatchObject({
      kind: 'hits',
      hits: expect.arrayContaining([{ path: 'a b.txt', line: 2, text: 'needle: here' }]),
    });
    expect(found[1]?.result).toBe('src/x.ts:1: NEEDLE\nsrc/x.ts:2: needle');
    expect(found[2]?.result).toBe('src/x.ts:2: needle');
    expect(found[3]).toMatchObject({ state: 'done', result: 'Nothing found.' });
    expect(found[4]?.result).toMatch(
      /^many\.txt:1: m\n[\s\S]*\[only the first 200 hits: narrow the search\]$/,
    );
  });

  it('says what is wrong with a pattern', async () => {
    const [call] = await run([['search', { pattern: '(' }]], { files });
    expect(call).toMatchObject({ state: 'failed', result: expect.stringMatching(/^The search failed: .+/s) });
  });
});

describe('todo', () => {
  it('is shown as a checklist', async () => {
    const todos = [
      { text: 'Look', state: 'done' },
      { text: 'Change', state: 'open' },
    ];
    const [call] = await run([['todo', { todos }]]);
    expect(call).toMatchObject({ title: '1 of 2 done', view: { kind: 'todo', todos } });
  });
});
