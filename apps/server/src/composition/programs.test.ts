import { afterAll, beforeAll, expect, it } from 'vitest';
import { OperationBench } from '../operations/testing/operation-bench.ts';
import { programsOf } from './programs.ts';

let bench: OperationBench;
beforeAll(async () => {
  bench = await OperationBench.start();
  bench.define('[operations.say]\nhost = "$HOST"\nargv = ["echo", "it"]\nask = false\n');
}, 60_000);
afterAll(() => bench.stop());

it('what listens for farhand-op on a host has a name there', { timeout: 60_000 }, async () => {
  const shop = await bench.makeWorkspace('one');
  const named = () =>
    programsOf(
      { db: bench.bench.db, sessions: { list: () => [] }, workspaces: { get: () => shop } },
      shop.id,
    );
  expect(named()).toEqual([]);
  await bench.run(shop, bench.session(shop), 'farhand-op say');
  const running = (await bench.bench.runtime.jobs.list(shop.id)).filter(
    ({ status }) => status.state === 'running',
  );
  expect(named()).toEqual(running.map(({ id }) => ({ jobId: id, title: 'Listener for farhand-op' })));
  expect(running).toHaveLength(1);
});
