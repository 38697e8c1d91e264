import { describe, expect, it } from 'vitest';
import { isFiltered, NO_FILTERS, searchOf } from './filters.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('filters of the audit page', () => {
  it('ask for everything where none is set', () => {
    expect(isFiltered(NO_FILTERS)).toBe(false);
    expect(searchOf(NO_FILTERS, NOW)).toMatchObject({ text: '', kinds: [], since: null, exit: null });
  });

  it('become the question to the server', () => {
    const filters = { ...NO_FILTERS, text: 'rm', span: 'day', isFailedOnly: true } as const;
    expect(isFiltered(filters)).toBe(true);
    expect(searchOf(filters, NOW)).toMatchObject({
      text: 'rm',
      since: '2026-11-20T12:00:00.000Z',
      exit: 'failed',
    });
  });
});
