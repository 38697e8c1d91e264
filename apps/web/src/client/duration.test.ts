import { describe, expect, it } from 'vitest';
import { agoText, durationText } from './duration.ts';

describe('durationText', () => {
  it.each([
    [40, '0.0 s'],
    [4_210, '4.2 s'],
    [59_900, '59 s'],
    [64_000, '1 min 4 s'],
    [3_000_000, '50 min'],
    [7_500_000, '2 h 5 min'],
    [200_000_000, '2 d'],
  ])('writes %i ms as %s', (ms, text) => expect(durationText(ms)).toBe(text));
});

describe('agoText', () => {
  it.each([
    [-5, 'now'],
    [59_000, 'now'],
    [340_000, '5m'],
    [7_300_000, '2h'],
    [180_000_000, '2d'],
  ])('writes %i ms as %s', (ms, text) => expect(agoText(ms)).toBe(text));
});
