import { describe, expect, it } from 'vitest';
import type { Need } from './needs-you.ts';
import { parseSnoozed, SNOOZES, snoozeKey, withoutSnoozed } from './snooze.ts';

const need = (id: string, since = '2026-01-01T00:00:00Z') => ({ id, since }) as Need;
const NOW = Date.parse('2026-01-05T12:00:00Z');

describe('withoutSnoozed', () => {
  it('hides what is put off until its time, and says when the first comes back', () => {
    const [one, two, three] = [need('one'), need('two'), need('three')];
    const snoozed = { [snoozeKey(one)]: NOW + 5000, [snoozeKey(two)]: NOW + 1000 };
    const now = withoutSnoozed([one, two, three], snoozed, NOW);
    expect(now).toEqual({ shown: [three], hidden: [one, two], nextAt: NOW + 1000 });
    expect(withoutSnoozed([one, two, three], snoozed, NOW + 1000).shown).toEqual([two, three]);
    expect(withoutSnoozed([one], {}, NOW).nextAt).toBeNull();
  });

  it('shows what happens anew in the same place', () => {
    const snoozed = { [snoozeKey(need('one'))]: NOW + 5000 };
    expect(withoutSnoozed([need('one', '2026-01-05T00:00:00Z')], snoozed, NOW).shown).toHaveLength(1);
  });
});

describe('parseSnoozed', () => {
  it('keeps times to come within a week, and nothing else', () => {
    const stored = { a: NOW + 1, b: NOW, c: NOW + 8 * 24 * 3600_000, d: 'soon', e: Number.NaN };
    expect(parseSnoozed(stored, NOW)).toEqual({ a: NOW + 1 });
    expect(parseSnoozed([1], NOW)).toEqual({});
    expect(parseSnoozed(null, NOW)).toEqual({});
  });
});

describe('SNOOZES', () => {
  it('ends at nine on the next day, by the clock on the wall', () => {
    const at = new Date(SNOOZES[2].until(new Date(2026, 0, 31, 23, 59)));
    expect([at.getMonth(), at.getDate(), at.getHours(), at.getMinutes()]).toEqual([1, 1, 9, 0]);
  });
});
