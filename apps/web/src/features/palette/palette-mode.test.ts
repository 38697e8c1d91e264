import { describe, expect, it } from 'vitest';
import { matches, readQuery } from './palette-mode.ts';

describe('readQuery', () => {
  it.each([
    ['fix', { mode: 'workspaces', text: 'fix' }],
    ['> theme', { mode: 'commands', text: 'theme' }],
    ['? npm test', { mode: 'search', text: 'npm test' }],
    ['@src/a', { mode: 'files', text: 'src/a' }],
  ])('reads %s', (typed, query) => expect(readQuery(typed)).toEqual(query));
});

describe('matches', () => {
  it('wants every word, in any order and case', () => {
    expect(matches('Fix-checkout shop gpu-1', 'GPU fix')).toBe(true);
    expect(matches('Fix-checkout shop gpu-1', 'gpu docs')).toBe(false);
  });
});
