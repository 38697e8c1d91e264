import { describe, expect, it } from 'vitest';
import { suggestName } from './workspace-name.ts';

describe('suggestName', () => {
  it('is two words that fit a branch name', () => {
    for (let tries = 0; tries < 200; tries += 1) expect(suggestName([])).toMatch(/^[a-z]+-[a-z]+$/);
  });

  it('is never one that is taken', () => {
    const first = suggestName([], () => 0);
    expect(suggestName([first], () => 0)).toBe(`${first}-2`);
    expect(suggestName([first, `${first}-2`], () => 0)).toBe(`${first}-3`);
  });
});
