import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { tokenCalls } from '@farhand/shared/protocol/calls/tokens';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { apiTokens } from '../store/program-schema.ts';
import { isTokenValue, newTokenValue } from './token-value.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { createWrongTokens } from './wrong-tokens.ts';

const BY = { kind: 'cli', name: null } as const;
const HOUR_MS = 3_600_000;

describe('tokens', () => {
  let folder: string;
  let db: Database;
  let audit: ReturnType<typeof recordedAudit>;
  let tokens: Tokens;
  let nowMs: number;
  const input = (more: object) =>
    tokenCalls['token.create'].input.parse({ name: 'ci', scopes: ['read'], ...more });
  const codeOf = (work: () => unknown) => {
    try {
      work();
      return 'none';
    } catch (thrown) {
      return FarhandError.from(thrown).code;
    }
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-tokens-'));
    db = openDatabase(join(folder, 'db'));
    audit = recordedAudit();
    nowMs = Date.parse('2026-11-21T10:00:00Z');
    tokens = createTokens({ db, audit, now: () => nowMs });
  });
  afterEach(() => {
    tokens.close();
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('tells the value once and keeps only its hash', () => {
    const { token, value } = tokens.create(input({}), BY);
    expect(isTokenValue(value)).toBe(true);
    expect(JSON.stringify([tokens.list(), db.select().from(apiTokens).all(), audit.entries])).not.toContain(
      value.slice(3, 20),
    );
    expect(tokens.find(value, '1.2.3.4')?.token.id).toBe(token.id);
    expect(tokens.list()[0]).toMatchObject({
      lastUsedFrom: '1.2.3.4',
      lastUsedAt: '2026-11-21T10:00:00.000Z',
    });
  });

  it('are good after a restart as they were, or as they were not', () => {
    const { value: lasting } = tokens.create(
      input({ hosts: ['prod'], expiresAt: '2026-11-22T10:00:00Z' }),
      BY,
    );
    const { value: ended, token } = tokens.create(input({ name: 'other' }), BY);
    tokens.revoke(token.id, BY);
    tokens.close();
    db.close();
    db = openDatabase(join(folder, 'db'));
    tokens = createTokens({ db, audit, now: () => nowMs });
    expect(tokens.find(lasting, null)?.token).toMatchObject({ scopes: ['read'], hosts: ['prod'] });
    expect(tokens.find(ended, null)).toBe(null);
    nowMs += 25 * HOUR_MS;
    expect(tokens.find(lasting, null)).toBe(null);
  });

  it('knows a value that was cut short or mistyped by its checksum', () => {
    const value = newTokenValue();
    const other = value.at(5) === 'a' ? 'b' : 'a';
    const mistyped = `${value.slice(0, 5)}${other}${value.slice(6)}`;
    expect(
      [value, value.slice(0, -1), mistyped, `${value} `, value.toUpperCase(), ''].map(isTokenValue),
    ).toEqual([true, false, false, false, false, false]);
    expect(tokens.find(newTokenValue(), null)).toBeNull();
  });

  it('ends a token at once when it is revoked, and by itself when it expires', () => {
    const ended: string[] = [];
    tokens.watchEnded((hash) => ended.push(hash));
    const { token, value } = tokens.create(input({}), BY);
    const short = tokens.create(input({ name: 'short', expiresAt: '2026-11-21T11:00:00Z' }), BY);
    tokens.revoke(token.id, BY);
    expect(tokens.find(value, null)).toBeNull();
    expect(ended).toHaveLength(1);
    expect(tokens.find(short.value, null)).not.toBeNull();
    nowMs += HOUR_MS;
    expect(tokens.find(short.value, null)).toBeNull();
    expect(tokens.list()).toEqual([]);
    // Its name is free again.
    tokens.create(input({ name: 'short' }), BY);
    expect(ended).toHaveLength(2);
    expect(codeOf(() => tokens.revoke(token.id, BY))).toBe('token.not_found');
  });

  it('refuses a name that is taken and an expiry that is past', () => {
    tokens.create(input({}), BY);
    expect(codeOf(() => tokens.create(input({}), BY))).toBe('token.name_taken');
    expect(codeOf(() => tokens.create(input({ name: 'x', expiresAt: '2026-11-21T09:59:59Z' }), BY))).toBe(
      'token.expiry_past',
    );
  });

  it('puts on record who made and revoked it, and its first use from an address', () => {
    const { token, value } = tokens.create(input({}), BY);
    tokens.find(value, '10.0.0.1');
    tokens.find(value, '10.0.0.1');
    nowMs += HOUR_MS;
    tokens.find(value, '10.0.0.2');
    tokens.revoke(token.id, BY);
    expect(audit.entries.map(({ kind, actor, facts }) => [kind, actor.kind, facts.from ?? null])).toEqual([
      ['setting', 'cli', null],
      ['sign_in', 'token', '10.0.0.1'],
      ['sign_in', 'token', '10.0.0.2'],
      ['setting', 'cli', null],
    ]);
  });

  it('makes nothing that cannot be put on record', () => {
    const silent = createTokens({
      db,
      audit: {
        ...audit,
        record: () => {
          throw new FarhandError('audit.unwritable');
        },
      },
    });
    expect(codeOf(() => silent.create(input({}), BY))).toBe('audit.unwritable');
    expect(tokens.list()).toEqual([]);
    // Who only looks is let in: as with a person's sign-in, that is written once it can be.
    const { value } = tokens.create(input({}), BY);
    expect(silent.find(value, '10.0.0.1')).not.toBeNull();
    expect(audit.entries.at(-1)).toMatchObject({ kind: 'sign_in', facts: { from: '10.0.0.1' } });
    silent.close();
  });

  it('counts wrong ones by address and minute', () => {
    const wrong = createWrongTokens(() => nowMs);
    const codes = Array.from({ length: 12 }, () => wrong.refuse('1.1.1.1').code);
    expect(codes.filter((code) => code === 'access.token_invalid')).toHaveLength(10);
    expect(codes.at(-1)).toBe('access.too_many_wrong');
    expect(wrong.refuse('2.2.2.2').code).toBe('access.token_invalid');
    nowMs += 61_000;
    expect(wrong.refuse('1.1.1.1').code).toBe('access.token_invalid');
  });
});
