import { describe, expect, it } from 'vitest';
import { load } from './load.ts';

const missing = () => Object.assign(new Error('Failed to load chunk'), { name: 'ChunkLoadError' });

describe('a part of the page', () => {
  it('is asked for again, ever more slowly, until it comes', async () => {
    const pauses: number[] = [];
    let tries = 0;
    const part = await load(
      async () => {
        tries += 1;
        if (tries < 5) throw missing();
        return 'part';
      },
      async (ms) => void pauses.push(ms),
    );
    expect([part, tries, pauses.length]).toEqual(['part', 5, 4]);
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? Number.POSITIVE_INFINITY);
  });

  it('that fails itself is not asked for again', async () => {
    let tries = 0;
    const broken = load(async () => {
      tries += 1;
      throw new TypeError('of its own');
    });
    await expect(broken).rejects.toThrowError('of its own');
    expect(tries).toBe(1);
  });
});
