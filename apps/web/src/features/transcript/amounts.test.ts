import { describe, expect, it } from 'vitest';
import { elapsedMs, formatCount, formatDuration, secondsUntil } from './amounts.ts';

describe('formatDuration', () => {
  it.each([
    [-5, '0 ms'],
    [420, '420 ms'],
    [3449, '3.4 s'],
    [9990, '9.9 s'],
    [42_900, '42 s'],
    [125_000, '2 m 05 s'],
    [3_720_000, '1 h 02 m'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('elapsedMs', () => {
  it('counts to now while it goes on, to the end afterwards, and is null before the start', () => {
    const start = '2026-01-01T00:00:00.000Z';
    expect(elapsedMs(start, null, Date.parse(start) + 1500)).toBe(1500);
    expect(elapsedMs(start, '2026-01-01T00:00:02.000Z', 0)).toBe(2000);
    expect(elapsedMs(null, null, 0)).toBeNull();
  });
});

describe('formatCount', () => {
  it.each([
    [950, '950'],
    [1000, '1k'],
    [1240, '1.2k'],
    [48_200, '48k'],
    [1_300_000, '1.3M'],
  ])('writes %d as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});

describe('secondsUntil', () => {
  it('rounds up and stops at 0', () => {
    const now = Date.parse('2026-01-01T00:00:00.000Z');
    expect(secondsUntil('2026-01-01T00:00:02.100Z', now)).toBe(3);
    expect(secondsUntil('2025-12-31T00:00:00.000Z', now)).toBe(0);
  });
});
