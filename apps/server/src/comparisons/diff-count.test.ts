import { describe, expect, it } from 'vitest';
import { sumNumbers } from './diff-count.ts';

describe('the sum of what git counted', () => {
  it('counts files and lines, of binary files none, and leaves out what was cut or is no record', () => {
    const records = [
      '3\t1\ta b',
      '-\t-\timage.png',
      'nonsense',
      '999999999999\t1\tx',
      '0\t2\tc\td\n',
      '7\t1\thalf',
    ];
    const text = records.join('\0');
    expect(sumNumbers(text)).toEqual({ files: 3, additions: 3, deletions: 3 });
    expect(sumNumbers('')).toEqual({ files: 0, additions: 0, deletions: 0 });
  });
});
