import { describe, expect, it } from 'vitest';
import { formatCost } from './cost.ts';

describe('formatCost', () => {
  it.each([
    [0, '$0'],
    [0.0002, '<$0.001'],
    [0.0042, '$0.004'],
    [0.42, '$0.42'],
    [12.3, '$12.30'],
  ])('writes %d as %s', (usd, text) => {
    expect(formatCost(usd)).toBe(text);
  });
});
