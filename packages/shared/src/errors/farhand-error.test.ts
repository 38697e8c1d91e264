import { describe, expect, it } from 'vitest';
import { FarhandError } from './farhand-error.ts';

describe('FarhandError.from', () => {
  it.each(['SQLITE_FULL', 'ENOSPC'])(
    'says of %s that a disk is full, also where another error names it',
    (code) => {
      const full = Object.assign(new Error('no room'), { code });
      const cause = new Error('the query failed', { cause: full });
      expect(FarhandError.from(full)).toMatchObject({ code: 'disk.full', cause: full });
      expect(FarhandError.from(cause)).toMatchObject({ code: 'disk.full', cause });
    },
  );

  it('says of all else that it was not expected, and leaves ours as it is', () => {
    const ours = new FarhandError('run.lost');
    expect(FarhandError.from(ours)).toBe(ours);
    expect(FarhandError.from('a text')).toMatchObject({ code: 'internal.unexpected' });
  });
});
