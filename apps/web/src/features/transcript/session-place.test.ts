import { describe, expect, it } from 'vitest';
import { pathIn } from './session-place.ts';

describe('pathIn', () => {
  it.each([
    ['/w/shop', '/w/shop/src/a.ts', 'src/a.ts'],
    ['/w/shop/', '/w/shop/src/a.ts', 'src/a.ts'],
    ['/w/shop', '/w/shopping/a.ts', '/w/shopping/a.ts'],
    ['/w/shop', './a.ts', 'a.ts'],
    [null, '/w/shop/a.ts', '/w/shop/a.ts'],
  ])('in %s names %s by %s', (directory, path, name) => {
    expect(pathIn(directory, path)).toBe(name);
  });
});
