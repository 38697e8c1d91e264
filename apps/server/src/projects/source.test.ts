import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseSource, sourceName } from './source.ts';

describe('parseSource', () => {
  it.each([
    ['/srv/shop/', { kind: 'path', path: '/srv/shop' }],
    ['~/code/shop', { kind: 'path', path: `${homedir()}/code/shop` }],
    [
      'git@example.org:team/shop.git',
      { kind: 'url', url: 'git@example.org:team/shop.git', authorization: null },
    ],
    [
      'ssh://git:pass@example.org/shop',
      { kind: 'url', url: 'ssh://git@example.org/shop', authorization: null },
    ],
    [
      'https://example.org/shop.git',
      { kind: 'url', url: 'https://example.org/shop.git', authorization: null },
    ],
    [
      'https://ada:p%40ss@example.org/shop.git',
      {
        kind: 'url',
        url: 'https://example.org/shop.git',
        authorization: `Authorization: Basic ${btoa('ada:p@ss')}`,
      },
    ],
  ])('reads %j', (text, expected) => {
    expect(parseSource(text)).toEqual(expected);
  });
});

describe('sourceName', () => {
  it.each([
    ['/srv/shop/', 'shop'],
    ['git@example.org:shop.git', 'shop'],
    ['https://example.org/team/shop.git', 'shop'],
    ['/', 'project'],
  ])('names %j %j', (text, expected) => {
    expect(sourceName(text)).toBe(expected);
  });
});
