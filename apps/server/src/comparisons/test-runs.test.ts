import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForkBench } from '../forks/testing/fork-bench.ts';

let bench: ForkBench;

beforeEach(async () => {
  bench = await ForkBench.start({ others: [], script: () => [{ text: 'Done.' }], testLimitMs: 1000 });
});
afterEach(() => bench.close());

describe('the test of a variant', { timeout: 60_000 }, () => {
  it('is ended where it takes too long, or with its variant, and leaves nothing that runs', async () => {
    const shop = bench.repository();
    shop.write('README.md', '# Shop\n');
    shop.commit('first');
    const { id: projectId } = await bench.server.projects.add(shop.path);
    const made = await bench.make(projectId);
    const { comparisons } = bench.server;
    const variants = [{ agent: 'builtin', model: null, host: null }];
    const input = { workspaceId: made.id, prompt: 'go', testCommand: 'echo begun; sleep 600', variants };
    const { id } = comparisons.start(input);
    const variant = () => comparisons.list().find((one) => one.id === id)?.variants[0];
    const ended = await bench.when(() => (variant()?.test?.state === 'failed' ? variant() : null) ?? null);
    expect(ended?.test?.output).toMatch(/^begun\n\n\[ended: it took longer than/);
    const jobs = () => bench.local.jobs.list(ended?.workspaceId ?? '');
    await expect.poll(jobs).toEqual([]);

    comparisons.test({ comparisonId: id, variantId: null });
    await expect.poll(async () => (await jobs()).length).toBe(1);
    comparisons.discard(id, '1');
    await bench.when(() => (variant()?.workspaceId === null ? true : null));
    expect(await jobs()).toEqual([]);
    expect(variant()).toMatchObject({ state: 'discarded', sessionId: null });
    expect(() => comparisons.test({ comparisonId: id, variantId: '1' })).toThrow(/No such workspace/);
  });
});
