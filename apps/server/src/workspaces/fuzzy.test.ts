import { describe, expect, it } from 'vitest';
import { rankPaths } from './fuzzy.ts';

describe('rankPaths', () => {
  const paths = [
    'docs/cart.md',
    'src/cart/index.ts',
    'src/checkout/cart-total.ts',
    'src/a/r/t.ts',
    'cart',
    'README.md',
  ];

  it('puts the name itself first, then names that begin so, then folders, then scattered letters', () => {
    expect(rankPaths(paths, 'cart')).toEqual([
      'cart',
      'docs/cart.md',
      'src/checkout/cart-total.ts',
      'src/cart/index.ts',
      'src/a/r/t.ts',
    ]);
  });

  it('matches across folders and ignores case and spaces', () => {
    expect(rankPaths(paths, 'Chk Tot')).toEqual(['src/checkout/cart-total.ts']);
    expect(rankPaths(paths, 'zzz')).toEqual([]);
  });

  it('offers what is near the top for an empty query', () => {
    expect(rankPaths(paths, '', 2)).toEqual(['README.md', 'cart']);
  });
});
