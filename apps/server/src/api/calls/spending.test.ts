import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpending } from '../../spending/spending.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import type { Domains } from '../domains.ts';
import { spendingCalls } from './spending.ts';

let folder: string;
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-spending-'));
  db = openDatabase(join(folder, 'db.sqlite'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const caller = { signal: new AbortController().signal, kind: 'page', name: null } as const;

describe('calls about spending', () => {
  it('keep the budget, and tell what was spent on the server’s day', async () => {
    let now = new Date(2026, 10, 21, 23, 59);
    const spending = createSpending({ db, now: () => now });
    const calls = spendingCalls({ spending } as Domains);
    const none = { sessionTokens: null, sessionUsd: null, dayTokens: null, dayUsd: null };
    expect(await calls['budget.get']({}, caller)).toEqual({ budget: none, today: { tokens: 0, usd: 0 } });
    const budget = { ...none, sessionTokens: 1000, dayUsd: 0.5 };
    await calls['budget.set']({ budget }, caller);
    spending.used({ input: 30, output: 12, cachedInput: 10 }, 0.25);
    expect(await calls['budget.get']({}, caller)).toEqual({ budget, today: { tokens: 42, usd: 0.25 } });
    now = new Date(2026, 10, 22, 0, 0);
    expect(await calls['budget.get']({}, caller)).toEqual({ budget, today: { tokens: 0, usd: 0 } });
  });

  it('list the built-in prices until others are set', async () => {
    const calls = spendingCalls({ spending: createSpending({ db }) } as Domains);
    const { prices } = await calls['price.list']({}, caller);
    expect(prices.some(({ pattern }) => pattern.includes('claude'))).toBe(true);
    const own = [{ pattern: 'local/*', input: 0, cachedInput: 0, output: 0 }];
    await calls['price.set']({ prices: own }, caller);
    expect(await calls['price.list']({}, caller)).toEqual({ prices: own });
  });
});
