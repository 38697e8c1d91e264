import { describe, expect, it } from 'vitest';
import { type Size, Sizes } from './sizes.ts';

const rows = (count: number): Size => ({ rows: count, cols: 80 });

describe('Sizes', () => {
  it('sets one after the other, and of those that wait only the newest', async () => {
    const set: number[] = [];
    let finish = () => {};
    const sizes = new Sizes(async (size) => {
      set.push(size.rows);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    const all = [30, 31, 32].map((count) => sizes.set(rows(count)));
    expect(set).toEqual([30]);
    finish();
    await expect.poll(() => set).toEqual([30, 32]);
    finish();
    await Promise.all(all);
    expect(sizes.isBusy).toBe(false);
  });

  it('tells a failure, and works on after it', async () => {
    let fails = true;
    const sizes = new Sizes(async () => {
      if (fails) throw new Error('no such job');
    });
    await expect(sizes.set(rows(30))).rejects.toThrow('no such job');
    fails = false;
    await expect(sizes.set(rows(31))).resolves.toBeUndefined();
  });
});
