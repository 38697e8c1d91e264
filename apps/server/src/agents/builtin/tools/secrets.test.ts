import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench } from '../testing/agent-bench.ts';
import { playCalls } from '../testing/play-calls.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const run = async (...given: Parameters<typeof playCalls>) => {
  bench = await playCalls(...given);
  return bench.calls;
};

describe('a project’s secret', () => {
  it('reaches commands and nothing else: no item, no request, no database', async () => {
    const canary = 'canary-5f0e9a7b31';
    const calls = await run(
      [
        [
          'bash',
          {
            command:
              'printf %s "$TOKEN" | head -c 9; sleep 0.1; printf %s "$TOKEN" | tail -c +10; echo; echo "$TOKEN"; echo "$TOKEN" > leaked',
          },
        ],
        ['read_file', { path: 'leaked' }],
        ['search', { pattern: 'canary' }],
        ['edit_file', { path: 'leaked', old_text: '[secret TOKEN]', new_text: 'x' }],
        ['write_file', { path: 'copy', content: `said ${canary}\n` }],
      ],
      { secrets: { TOKEN: canary } },
    );
    expect(calls[0]?.output).toBe('[secret TOKEN]\n[secret TOKEN]\n');
    expect(calls[0]?.result).toBe('[secret TOKEN]\n[secret TOKEN]\n[exit status 0]');
    expect(calls[1]?.result).toBe('     1\t[secret TOKEN]');
    expect(calls[2]?.result).toBe('leaked:1: [secret TOKEN]');
    expect(calls[3]).toMatchObject({ state: 'failed', result: expect.stringContaining('not shown') });
    expect(bench.file('copy')).toBe(`said ${canary}\n`);
    expect(JSON.stringify(bench.items)).not.toContain(canary);
    expect(bench.model.requests.map(({ text }) => text).join()).not.toContain(canary);
    for (const name of ['db.sqlite', 'db.sqlite-wal']) {
      const file = join(bench.folder, name);
      expect(existsSync(file) && readFileSync(file).includes(canary)).toBe(false);
    }
  });

  it('is covered also where a long line is cut in the middle of it', async () => {
    const canary = 'canary-5f0e9a7b31';
    const line = (before: number) => `${'x'.repeat(before)}${canary} ${'y'.repeat(3000)}\n`;
    const calls = await run(
      [
        ['read_file', { path: 'read' }],
        ['search', { pattern: 'canary', path: 'found' }],
        ['edit_file', { path: 'edited', old_text: `${'x'.repeat(290)} canary`, new_text: 'z' }],
      ],
      {
        secrets: { TOKEN: canary },
        files: { read: line(1990), found: line(390), edited: line(290) },
      },
    );
    expect(calls.map(({ result }) => result?.includes('x'.repeat(290)))).toEqual([true, true, true]);
    expect(JSON.stringify(bench.items)).not.toContain('xcanary-');
    expect(bench.model.requests.map(({ text }) => text).join()).not.toContain('xcanary-');
  });

  it('is taken out of what the person writes', async () => {
    bench = await AgentBench.start({
      script: [[{ text: 'The password hunter22 ', chunks: 9 }]],
      secrets: { PASSWORD: 'hunter22' },
    });
    await bench.promptAndWait('use hunter22');
    expect(bench.items.map((item) => ('text' in item ? item.text : ''))).toEqual([
      'use [secret PASSWORD]',
      '',
      'The password [secret PASSWORD] ',
    ]);
    expect(bench.server.sessions.get(bench.sessionId).title).toBe('use [secret PASSWORD]');
    expect(bench.model.requests[0]?.text).not.toContain('hunter22');
  });
});
