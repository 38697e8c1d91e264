import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('backoffMs', () => {
  it('tries at once, then waits longer and longer, and never longer than thirty seconds', () => {
    const waits = [1, 2, 3, 4, 8, 9, 1000].map((attempt) => backoffMs(attempt, () => 1));
    expect(waits).toEqual([0, 500, 1000, 2000, 30_000, 30_000, 30_000]);
  });

  it('spreads the attempts of many', () => {
    expect(backoffMs(9, () => 0)).toBe(22_500);
  });
});
