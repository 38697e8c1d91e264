import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { logins } from '../store/schema.ts';
import { createAccess } from './access.ts';
import { createCodes } from './codes.ts';
import { checkRequest, LOOPBACK_NAMES, type RequestFacts } from './request-guard.ts';

const header = (headers: Record<string, string>) => (name: string) => headers[name] ?? null;

describe('one-time codes', () => {
  it('are good once', () => {
    const codes = createCodes();
    const code = codes.issue();
    expect([codes.redeem(code, 'a'), codes.redeem(code, 'a')]).toEqual([true, false]);
  });

  it('are good for ten minutes', () => {
    let now = 0;
    const codes = createCodes(() => now);
    const [early, late] = [codes.issue(), codes.issue()];
    now = 10 * 60_000 - 1;
    expect(codes.redeem(early, 'a')).toBe(true);
    now += 1;
    expect(codes.redeem(late, 'a')).toBe(false);
  });

  it('cannot be guessed on and on from one address, and others are not locked out', () => {
    let now = 0;
    const codes = createCodes(() => now);
    const code = codes.issue();
    for (let guess = 0; guess < 10; guess += 1) codes.redeem(`guess-${guess}`, 'a');
    expect(codes.redeem(code, 'a')).toBe(false);
    expect(codes.redeem(codes.issue(), 'b')).toBe(true);
    now = 60_000;
    expect(codes.redeem(code, 'a')).toBe(true);
  });
});

describe('the request guard', () => {
  const served = { port: 7373, names: LOOPBACK_NAMES };
  const page: RequestFacts = {
    method: 'GET',
    host: 'localhost:7373',
    origin: null,
    fetchSite: null,
    fetchMode: null,
    isUpgrade: false,
    hasBearer: false,
  };
  const check = (facts: Partial<RequestFacts>) => () => checkRequest({ ...page, ...facts }, served);
  const refused = (code: string) => expect.objectContaining({ code });

  it.each(['127.0.0.1:7373', 'localhost:7373', '[::1]:7373', 'LOCALHOST:7373'])('serves %s', (host) => {
    expect(check({ host })).not.toThrow();
  });

  it.each([
    null,
    '',
    'localhost',
    'localhost:80',
    'evil.example',
    'evil.example:7373',
    '127.0.0.1:7373.evil.example',
    '127.0.0.2:7373',
  ])('refuses the host %s', (host) => {
    expect(check({ host })).toThrow(refused('access.wrong_host'));
  });

  it.each([
    { method: 'POST', origin: 'http://evil.example' },
    { method: 'POST', origin: 'http://localhost:3000' },
    { method: 'POST', origin: 'http://127.0.0.1:7373' },
    { method: 'POST', origin: 'null' },
    { method: 'POST', origin: null },
    { method: 'GET', origin: 'http://evil.example' },
    { method: 'GET', isUpgrade: true, origin: null },
    { method: 'GET', isUpgrade: true, origin: 'http://evil.example' },
    { method: 'GET', fetchSite: 'cross-site', fetchMode: 'navigate' },
    { method: 'GET', fetchSite: 'same-site', fetchMode: 'no-cors' },
    { method: 'POST', hasBearer: true, origin: 'http://evil.example' },
  ])('refuses %o', (facts) => {
    expect(check(facts)).toThrow(refused('access.wrong_origin'));
  });

  it.each([
    { method: 'POST', origin: 'http://localhost:7373', fetchSite: 'same-origin' },
    { method: 'POST', hasBearer: true },
    { isUpgrade: true, hasBearer: true },
    { isUpgrade: true, origin: 'http://localhost:7373' },
    { fetchSite: 'none', fetchMode: 'navigate' },
    { fetchSite: 'same-site', fetchMode: 'navigate' },
  ])('lets %o in', (facts) => {
    expect(check(facts)).not.toThrow();
  });

  it('takes the names of a proxy in front as they are', () => {
    const behind = { ...served, behindProxy: ['farhand.example'] };
    expect(() =>
      checkRequest({ ...page, host: 'farhand.example', origin: 'https://farhand.example' }, behind),
    ).not.toThrow();
    expect(() => checkRequest({ ...page, host: 'farhand.example:1' }, behind)).toThrow(
      refused('access.wrong_host'),
    );
  });
});

describe('logins', () => {
  let folder: string;
  let db: Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-access-'));
    db = openDatabase(join(folder, 'db'));
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  const open = () => {
    const access = createAccess({ db });
    access.serve({ port: 7373, names: LOOPBACK_NAMES });
    return access;
  };
  const cookieOf = (setCookie: string | null) => setCookie?.split(';')[0] ?? '';

  it('last over a restart, in a cookie that scripts and other sites do not get', () => {
    const access = open();
    const setCookie = access.redeemCode(access.issueCode(), 'a');
    expect(setCookie).toMatch(/^farhand_7373=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(open().caller(header({ cookie: `x=1; ${cookieOf(setCookie)}` }))).toMatchObject({
      kind: 'browser',
    });
  });

  it('end at the logout, and tell who watches', () => {
    const access = open();
    const cookie = cookieOf(access.redeemCode(access.issueCode(), 'a'));
    const caller = access.caller(header({ cookie }));
    const ended: string[] = [];
    access.watchLogouts((tokenHash) => ended.push(tokenHash));
    expect(caller && access.logout(caller)).toContain('Max-Age=0');
    expect(access.caller(header({ cookie }))).toBeNull();
    expect(ended).toHaveLength(1);
  });

  it('are stored as hashes', () => {
    const access = open();
    const token = cookieOf(access.redeemCode(access.issueCode(), 'a')).split('=')[1] ?? '';
    const rows = db.select({ tokenHash: logins.tokenHash }).from(logins).all();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('are forgotten after 90 days without a visit', () => {
    const access = open();
    const cookie = cookieOf(access.redeemCode(access.issueCode(), 'a'));
    db.update(logins).set({ lastSeenAt: '2001-01-01T00:00:00.000Z' }).run();
    expect(access.caller(header({ cookie }))).toBeNull();
  });

  it('know the CLI by its token alone', () => {
    const access = open();
    expect(access.caller(header({ authorization: `Bearer ${access.cliToken}` }))).toEqual({ kind: 'cli' });
    expect(access.caller(header({ authorization: 'Bearer ' }))).toBeNull();
    expect(access.caller(header({ cookie: `farhand_7373=${access.cliToken}` }))).toBeNull();
  });
});
