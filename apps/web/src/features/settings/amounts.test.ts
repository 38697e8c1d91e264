import { describe, expect, it } from 'vitest';
import { gibText, readGib, readTokens, readUsd, tokensText, usdText } from './amounts.ts';

describe('a number of tokens', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['250000', 250_000],
    ['250k', 250_000],
    ['250 K', 250_000],
    ['1.5M', 1_500_000],
    ['1,5m', 1_500_000],
    ['0', 'wrong'],
    ['-5', 'wrong'],
    ['many', 'wrong'],
    ['1e5', 'wrong'],
    ['99999999999M', 'wrong'],
  ] as const)('%j is read as %j', (text, tokens) => expect(readTokens(text)).toBe(tokens));

  it.each([null, 1, 999, 1000, 250_000, 1_500_000, 1_234_567, 2_000_000])(
    '%j reads back as it was',
    (tokens) => expect(readTokens(tokensText(tokens))).toBe(tokens),
  );
});

describe('an amount of dollars', () => {
  it.each([
    ['', null],
    ['5', 5],
    ['$ 5', 5],
    ['0,50', 0.5],
    ['0', 'wrong'],
    ['5 €', 'wrong'],
    ['1e9', 'wrong'],
  ] as const)('%j is read as %j', (text, usd) => expect(readUsd(text)).toBe(usd));

  it('reads back as it was', () => expect(readUsd(usdText(12.5))).toBe(12.5));
});

describe('a size in GiB', () => {
  it.each([
    ['', null],
    ['5', 5 * 1024 ** 3],
    ['0,5 GiB', 512 * 1024 ** 2],
    ['20GB', 20 * 1024 ** 3],
    ['0.001', 'wrong'],
    ['0', 'wrong'],
    ['-1', 'wrong'],
    ['5 MiB', 'wrong'],
    ['9999999', 'wrong'],
  ] as const)('%j is read as %j', (text, bytes) =>
    expect(readGib(text, { leastBytes: 10 * 1024 ** 2 })).toBe(bytes),
  );

  it.each([1024 ** 3, 5 * 1024 ** 3, 512 * 1024 ** 2])('%j reads back as it was', (bytes) =>
    expect(readGib(gibText(bytes), { leastBytes: 1 })).toBe(bytes),
  );
});
