import { describe, expect, it } from 'vitest';
import { readAges } from './lost-commands.ts';

describe('readAges', () => {
  it('reads the forms of etime, and passes over what is none', () => {
    const ages = readAges('  PID ELAPSED\n   12       00:07\n 3456    02:00:01\n7 3-01:00:00\n 9 nonsense\n');
    expect([...ages]).toEqual([
      [12, 7_000],
      [3456, 7_201_000],
      [7, 262_800_000],
    ]);
  });
});
