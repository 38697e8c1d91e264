import { expect, test } from '@playwright/test';
import { report } from './chaos/report.ts';
import { runChaos } from './chaos/run.ts';

test('fifty faults lose nothing, repeat nothing and leave nothing behind', async () => {
  test.setTimeout(240_000);
  const result = await runChaos({ cuts: 50, seed: 4 });
  console.log(report(result));
  expect(result.tally.problems).toEqual([]);
  const cuts = [...result.counts.values()].reduce((sum, count) => sum + count, 0);
  expect(cuts).toBe(50);
});
