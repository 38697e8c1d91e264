import { price } from '@farhand/shared/model/spending';
import { describe, expect, it } from 'vitest';
import { draftsOf, type PriceDraft, pricesOf, raised, withEmpty, wrongField } from './price-drafts.ts';

const prices = [
  { pattern: '*gpt-5*', input: 1.25, cachedInput: 0.125, output: 10, context: 400_000 },
  { pattern: 'local/*', input: 0, cachedInput: 0, output: 0 },
];
const drafts = draftsOf(prices);
const row = (part: Partial<PriceDraft>): PriceDraft => ({
  key: 0,
  pattern: 'a/*',
  input: '1',
  cachedInput: '0.1',
  output: '2',
  context: '',
  ...part,
});

describe('the table of prices', () => {
  it('reads back as it was', () => expect(pricesOf(drafts)).toEqual(prices));

  it('gives nothing while a row is wrong, and what the server takes where all are good', () => {
    const more = withEmpty(drafts);
    expect(pricesOf(more)).toBeNull();
    const [first, ...others] = more;
    const made = pricesOf([
      { ...row({ input: '1,5', context: '200000' }), key: first?.key ?? -1 },
      ...others,
    ]);
    expect(made?.map((one) => price.safeParse(one).success)).toEqual([true, true, true]);
    expect(made?.[0]).toEqual({ pattern: 'a/*', input: 1.5, cachedInput: 0.1, output: 2, context: 200_000 });
  });

  it('moves a row up, the first one nowhere', () => {
    expect(raised(drafts, 1).map(({ key }) => key)).toEqual([1, 0]);
    expect(raised(drafts, 0)).toBe(drafts);
  });

  it('gives a new row a key of its own', () => {
    expect(new Set(withEmpty(withEmpty(drafts)).map(({ key }) => key)).size).toBe(4);
  });

  it.each([
    [{ pattern: '  ' }, 'pattern'],
    [{ pattern: 'a'.repeat(201) }, 'pattern'],
    [{ input: '-1' }, 'input'],
    [{ cachedInput: '' }, 'cachedInput'],
    [{ output: 'free' }, 'output'],
    [{ context: '0' }, 'context'],
    [{ context: '1.5' }, 'context'],
    [{}, null],
  ] as const)('finds what is wrong with %j', (part, field) => expect(wrongField(row(part))).toBe(field));
});
