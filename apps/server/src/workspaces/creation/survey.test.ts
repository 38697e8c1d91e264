import { describe, expect, it } from 'vitest';
import { parseSurvey } from './survey.ts';

const COMMIT = 'a'.repeat(40);
const answer = (lines: readonly string[]) => parseSurvey(`${lines.join('\n')}\n`, 'prj.git', 'gpu-1');

describe('parseSurvey', () => {
  it('reads what the host says', () => {
    const survey = answer([
      'home /home/ada',
      'base /srv/ws',
      'free 1000000',
      'cache exists',
      `cached ${COMMIT} The files of x`,
    ]);
    expect(survey).toEqual({
      home: '/home/ada',
      hasCache: true,
      baseDirectory: '/srv/ws',
      cache: '/home/ada/.farhand/cache/prj.git',
      freeBytes: 1_024_000_000,
      cached: [{ commit: COMMIT, subject: 'The files of x' }],
    });
  });

  it('takes nothing for a commit that is none, and an unknown room for unknown', () => {
    const survey = answer([
      'home /h',
      'base /b',
      'free -',
      'cached --upload-pack=x y',
      `cached ${COMMIT}f x`,
    ]);
    expect(survey.freeBytes).toBeNull();
    expect(survey.cached).toEqual([]);
  });

  it.each([
    ['home', 'base /b'],
    ['home ../h', 'base /b'],
    ['home /h', 'base /b/../../etc'],
    ['home /h\u0007', 'base /b'],
  ])('refuses %j with %j as folders', (home, base) => {
    expect(() => answer([home, base])).toThrow(expect.objectContaining({ code: 'host.home_unwritable' }));
  });

  it('says that the disk is full before anything is sent', () => {
    expect(() => answer(['home /h', 'base /b', 'free 12'])).toThrow(
      expect.objectContaining({ code: 'disk.full' }),
    );
  });
});
