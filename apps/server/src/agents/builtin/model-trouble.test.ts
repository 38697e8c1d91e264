import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelStep } from '@farhand/shared/testing/model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentBench, type BenchOptions } from './testing/agent-bench.ts';

let bench: AgentBench;
afterEach(() => bench.close());

const start = async (options: BenchOptions) => {
  bench = await AgentBench.start(options);
  return bench;
};
const call = (name: string, args: unknown): ModelStep => ({ call: { name, arguments: args } });

describe('a model in trouble', () => {
  it('is asked again when overloaded, which is shown while it lasts', async () => {
    await start({
      script: [[{ status: 529 }], [{ status: 429, retryAfter: '0' }], [{ status: 500 }], [{ text: 'Here.' }]],
      timing: { firstPauseMs: 150 },
    });
    const retries: unknown[] = [];
    bench.server.transcripts.watch(bench.sessionId, (events) => {
      for (const event of events)
        if ('item' in event && event.item.kind === 'turn' && event.item.retry) retries.push(event.item.retry);
    });
    await bench.promptAndWait('go');
    expect(bench.turn).toMatchObject({ state: 'done', retry: null });
    expect(bench.texts).toEqual(['Here.']);
    expect(retries[0]).toMatchObject({ attempt: 2, reason: expect.stringContaining('overloaded') });
  });

  it('is given up after ten tries', async () => {
    await start({
      script: () => [{ status: 429, message: 'slow down' }],
      timing: { firstPauseMs: 1, longestPauseMs: 1 },
    });
    await bench.promptAndWait('go');
    expect(bench.model.requests).toHaveLength(10);
    expect(bench.turn).toMatchObject({
      state: 'failed',
      error: { code: 'model.overloaded', message: expect.stringContaining('slow down') },
    });
    expect(bench.server.sessions.get(bench.sessionId).state).toBe('failed');
  });

  it('is not asked again where that cannot help', async () => {
    await start({ script: [[{ status: 401, message: 'bad key' }]] });
    await bench.promptAndWait('go');
    expect(bench.turn.error).toMatchObject({
      code: 'model.key_rejected',
      hint: expect.stringContaining('Settings'),
    });
    expect(bench.model.requests).toHaveLength(1);
  });

  it.each([
    ['stalls', { stall: true } as const],
    ['is cut off', { cut: true } as const],
  ])('%s in its answer: what came is discarded and asked for again', async (_, trouble) => {
    await start({
      script: [
        [{ text: 'Half an ans' }, call('bash', { command: 'touch ran' }), trouble],
        [{ text: 'The whole answer.' }],
      ],
      timing: { stallMs: 300 },
    });
    const page = bench.watchAsPage();
    await bench.promptAndWait('go');
    expect(bench.texts).toEqual(['The whole answer.']);
    expect(bench.items.filter(({ kind }) => kind === 'discarded')).toHaveLength(2);
    expect(page()).toEqual(bench.items);
    expect(existsSync(join(bench.directory, 'ran'))).toBe(false);
    expect(bench.model.requests[1]?.messages).toHaveLength(2);
  });

  it('stops waiting when the person stops', async () => {
    await start({
      script: () => [{ status: 503 }],
      timing: { firstPauseMs: 60_000, longestPauseMs: 60_000 },
    });
    bench.prompt('go');
    await bench.when(() => bench.turn.retry !== null);
    await bench.server.sessions.stop(bench.sessionId);
    expect(bench.turn).toMatchObject({ state: 'stopped', retry: null });
  });
});
