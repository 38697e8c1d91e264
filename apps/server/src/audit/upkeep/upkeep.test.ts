import { expect, it } from 'vitest';
import { createUpkeep } from './upkeep.ts';

it('tells what fails where nobody waits, and goes on with the next round', async () => {
  const told: unknown[] = [];
  let rounds = 0;
  const full = new Error('full');
  const upkeep = createUpkeep(
    async () => {
      rounds += 1;
      if (rounds === 1) throw full;
    },
    (error) => told.push(error),
  );
  upkeep.runQuietly();
  await upkeep.run();
  expect([rounds, told]).toEqual([2, [full]]);
});
