import { describe, expect, it } from 'vitest';
import { branchName, sizeText, slug } from './slug.ts';

describe('slug', () => {
  it.each([
    ['Fix checkout!', 'fix-checkout'],
    ['  Über--Größe ', 'uber-gro-e'],
    ['-rf /', 'rf'],
    ['../..', 'workspace'],
    ['日本', 'workspace'],
  ])('makes %j %j', (text, expected) => {
    expect(slug(text, 'workspace')).toBe(expected);
  });

  it('never names a branch as the one it starts from', () => {
    expect(branchName('main', 'main')).toBe('main-work');
    expect(branchName('main', 'dev')).toBe('main');
  });

  it('tells sizes in steps of a thousand', () => {
    expect([0, 999, 1000, 1_234_567].map(sizeText)).toEqual(['0 B', '999 B', '1.0 kB', '1.2 MB']);
  });
});
