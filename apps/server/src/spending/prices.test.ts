import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { createPrices, matches, type Prices } from './prices.ts';

let folder: string;
let db: Database;
let prices: Prices;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-prices-'));
  db = openDatabase(join(folder, 'db.sqlite'));
  prices = createPrices(db);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

describe('prices', () => {
  it('are for a million tokens, what came from the cache at its own price', () => {
    const cost = (ref: string, input: number, cachedInput: number, output: number) =>
      prices.costOf(ref, { input, cachedInput, output });
    // 1,000,000 plain at $3, 200,000 cached at $0.30, 10,000 out at $15.
    expect(cost('anthropic/claude-sonnet-4-5', 1_200_000, 200_000, 10_000)).toBeCloseTo(3 + 0.06 + 0.15, 10);
    expect(cost('openrouter/anthropic/claude-opus-4-5', 1, 0, 1)).toBeCloseTo(0.00003, 10);
    expect(cost('openai/gpt-5.1-codex', 7, 3, 11)).toBeCloseTo(0.000115375, 12);
    expect(cost('openai/gpt-5-mini', 1_000_000, 0, 0)).toBeCloseTo(0.25, 10);
    expect(cost('google/gemini-2.5-flash', 1_000_000, 1_000_000, 0)).toBeCloseTo(0.03, 10);
    expect(cost('local/llama', 5, 0, 5)).toBeNull();
  });

  it('stay exact over many answers', () => {
    let sum = 0;
    for (let answer = 0; answer < 10_000; answer += 1)
      sum += prices.costOf('openai/gpt-5', { input: 3, cachedInput: 1, output: 7 }) ?? 0;
    expect(Math.abs(sum - 0.72625)).toBeLessThan(1e-10);
  });

  it('are the person’s where some are set, the first that matches', () => {
    prices.set([
      { pattern: 'local/*', input: 1, cachedInput: 0.5, output: 2, context: 4096 },
      { pattern: '*', input: 9, cachedInput: 9, output: 9 },
    ]);
    expect(prices.costOf('local/llama', { input: 1_000_000, cachedInput: 0, output: 0 })).toBe(1);
    expect(prices.costOf('openai/gpt-5', { input: 1_000_000, cachedInput: 0, output: 0 })).toBe(9);
    expect(prices.contextOf('local/llama')).toBe(4096);
    expect(prices.contextOf('openai/gpt-5')).toBe(400_000);
    expect(prices.contextOf('x/unheard-of')).toBe(128_000);
    prices.set([]);
    expect(prices.costOf('local/llama', { input: 1, cachedInput: 0, output: 0 })).toBeNull();
  });

  it('match by patterns that never take long', () => {
    expect(matches('*sonnet*', 'anthropic/claude-SONNET-4-5')).toBe(true);
    expect(matches('local/*', 'local/')).toBe(true);
    expect(matches('a*a', 'a')).toBe(false);
    expect(matches('a.c', 'abc')).toBe(false);
    expect(matches('*a'.repeat(99), 'a'.repeat(9999).concat('b'))).toBe(false);
  });
});
