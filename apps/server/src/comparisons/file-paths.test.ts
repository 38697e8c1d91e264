import { describe, expect, it } from 'vitest';
import { checkedPaths, isRefusedPath } from './file-paths.ts';

describe('the path of a file to take over', () => {
  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    './a',
    '..',
    'a/../b',
    '.git',
    '.GIT/x',
    'a/.git/config',
    'a\0b',
    'a\uFFFD',
  ])('is refused as %j', (path) => expect(isRefusedPath(path)).toBe(true));
  it.each(['a', '.gitignore', 'a/.github/b', '..a', '-rf', 'a b/$(x)', 'ü', ':(top)x', 'a\nb'])(
    'is taken as %j',
    (path) => expect(isRefusedPath(path)).toBe(false),
  );
  it('is taken once, and all are refused with one', () => {
    expect(checkedPaths(['a', 'b', 'a'])).toEqual(['a', 'b']);
    expect(() => checkedPaths(['a', '../b'])).toThrow(
      expect.objectContaining({ code: 'comparison.files_refused' }),
    );
  });
});
