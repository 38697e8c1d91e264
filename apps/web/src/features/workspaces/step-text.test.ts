import { describe, expect, it } from 'vitest';
import { lostWords } from './lost-words.ts';
import { stepDurationMs } from './step-text.ts';

describe('stepDurationMs', () => {
  const startedAt = '2026-01-01T00:00:00.000Z';

  it('counts on until the step ends', () => {
    const now = Date.parse(startedAt) + 2500;
    expect(stepDurationMs({ startedAt, endedAt: null }, now)).toBe(2500);
    expect(stepDurationMs({ startedAt, endedAt: '2026-01-01T00:00:01.000Z' }, now)).toBe(1000);
  });

  it('is null before the step begins, and never negative where clocks differ', () => {
    expect(stepDurationMs({ startedAt: null, endedAt: null }, 0)).toBeNull();
    expect(stepDurationMs({ startedAt, endedAt: null }, 0)).toBe(0);
  });
});

describe('lostWords', () => {
  it('names files and commits, each only where there are some', () => {
    const commit = { commit: 'a', subject: '' };
    expect(lostWords({ uncommitted: ['a', 'b'], unpushed: [commit] })).toBe('2 changed files and 1 commit');
    expect(lostWords({ uncommitted: ['a'], unpushed: [] })).toBe('1 changed file');
    expect(lostWords({ uncommitted: [], unpushed: [] })).toBeNull();
  });
});
