import { describe, expect, it } from 'vitest';
import { titleOf } from './title.ts';

describe('titleOf', () => {
  it.each([
    ['Fix the checkout', 'Fix the checkout'],
    ['\n\n  two\tspaces  \nmore', 'two spaces'],
    ['   ', 'New session'],
    [
      'Make the failing test of the checkout pass without changing its expectations',
      'Make the failing test of the checkout pass without changing…',
    ],
    ['x'.repeat(100), `${'x'.repeat(60)}…`],
  ])('makes of %o', (text, title) => {
    expect(titleOf(text)).toBe(title);
  });
});
