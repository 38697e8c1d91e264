import { describe, expect, it } from 'vitest';
import { completeMention, mentionAt } from './completion.ts';

describe('mentionAt', () => {
  it.each([
    ['@', 1, { start: 0, query: '' }],
    ['look at @src/a', 14, { start: 8, query: 'src/a' }],
    ['(@a', 3, { start: 1, query: 'a' }],
    ['a\n@b c', 4, { start: 2, query: 'b' }],
  ])('finds the mention in %j', (text, caret, mention) => {
    expect(mentionAt(text, caret)).toEqual(mention);
  });

  it.each([
    ['me@example.org', 14],
    ['@done next', 10],
    ['none', 4],
  ])('finds none in %j', (text, caret) => {
    expect(mentionAt(text, caret)).toBeNull();
  });
});

describe('completeMention', () => {
  it('replaces the word and goes on after one space', () => {
    expect(completeMention('see @sr now', { start: 4, query: 'sr' }, 'src/a.ts')).toEqual({
      text: 'see @src/a.ts now',
      caret: 14,
    });
    expect(completeMention('@', { start: 0, query: '' }, 'a b.md')).toEqual({
      text: '@"a b.md" ',
      caret: 10,
    });
  });
});
