import { describe, expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';

describe('formatBytes', () => {
  it('gives three digits at most, and the unit', () => {
    expect([512, 14_400, 2_100_000, 3_000_000_000].map(formatBytes)).toEqual([
      '512 B',
      '14 KB',
      '2.1 MB',
      '3.0 GB',
    ]);
  });
});
