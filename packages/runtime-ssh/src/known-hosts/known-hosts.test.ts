import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@farhand/shared/testing/random';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addKnownHost, readKnownHosts } from './file.ts';
import { fingerprint, hashedName, judgeKey, keyTitle, linesFor, parseKnownHosts } from './known-hosts.ts';

/** A key in wire form; its content need not be one. */
function key(type: string, fill: number): Buffer {
  const body = Buffer.alloc(36, fill);
  body.writeUInt32BE(32);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), body]);
}

const line = (names: string, one: Buffer) => `${names} ssh-ed25519 ${one.toString('base64')}`;
const ours = key('ssh-ed25519', 1);
const theirs = key('ssh-ed25519', 2);
const named = (text: string, name: string) => linesFor(parseKnownHosts(text, 'f'), name).length > 0;

describe('linesFor', () => {
  it.each([
    ['box', 'box', true],
    ['box', 'BOX', true],
    ['BOX', 'box', true],
    ['box', 'boxes', false],
    ['other,box', 'box', true],
    ['*.example.org', 'a.example.org', true],
    ['*.example.org', 'example.org', false],
    ['*.example.org,!bad.example.org', 'bad.example.org', false],
    ['!bad.example.org', 'a.example.org', false],
    ['10.0.0.?', '10.0.0.7', true],
    ['10.0.0.?', '10.0.0.77', false],
    ['*', '[10.0.0.7]:2222', true],
    ['[box]:22*', '[box]:2222', true],
    ['[box]:2222', 'box', false],
    ['b.x', 'box', false],
    ['*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(200), false],
  ])('says of %s and %s: %s', (names, name, isNamed) => {
    expect(named(line(names, ours), name)).toBe(isNamed);
  });

  it('knows a hashed name', () => {
    const hashed = hashedName('[Box]:22', Buffer.alloc(20, 9));
    expect(hashed).not.toContain('ox');
    expect(named(line(hashed, ours), '[box]:22')).toBe(true);
    expect(named(line(hashed, ours), 'box')).toBe(false);
  });
});

describe('parseKnownHosts', () => {
  it('leaves out what is no key, and counts it', () => {
    const text = [
      '# a comment',
      '',
      'box ssh-ed25519 not-a-key',
      'box ssh-rsa ' + ours.toString('base64'),
      'box 1024 35 1234567890',
      '@some-later-mark ' + line('box', ours),
      '|1|broken ssh-ed25519',
      `  ${line('box', ours)} a comment\r`,
      `@revoked\t${line('*', theirs)}`,
    ].join('\n');
    expect(parseKnownHosts(text, 'f').map(({ line: number, marker }) => [number, marker])).toEqual([
      [8, null],
      [9, 'revoked'],
    ]);
  });

  it('survives any bytes', () => {
    const random = createRandom(7).below;
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(Array.from({ length: random(400) }, () => random(256)));
      linesFor(
        parseKnownHosts(`${bytes.toString('latin1')}\n@revoked * ${bytes.toString('base64')}`, 'f'),
        'x',
      );
    }
    expect(parseKnownHosts(line('box', ours), 'f')).toHaveLength(1);
  });
});

describe('judgeKey', () => {
  const judge = (text: string, one = ours, bareName: string | null = null) =>
    judgeKey(parseKnownHosts(text, 'f'), one, {
      name: bareName === null ? 'box' : `[${bareName}]:2222`,
      bareName,
    });

  it('trusts a key of any of several lines', () => {
    expect(judge(`${line('box', theirs)}\n${line('box', ours)}`)).toEqual({ kind: 'trusted' });
  });

  it('tells another key with all places and both fingerprints', () => {
    expect(judge(`${line('box', theirs)}\n${line('b?x', key('ssh-ed25519', 3))}`)).toEqual({
      kind: 'changed',
      change: {
        type: 'ED25519',
        offered: fingerprint(ours),
        known: [fingerprint(theirs), fingerprint(key('ssh-ed25519', 3))],
        records: [
          { file: 'f', line: 1 },
          { file: 'f', line: 2 },
        ],
      },
    });
  });

  it('refuses a revoked key, whatever else vouches for it', () => {
    expect(judge(`${line('box', ours)}\n@revoked ${line('*', ours)}`).kind).toBe('revoked');
    expect(judge(`${line('box', ours)}\n@revoked ${line('*', theirs)}`).kind).toBe('trusted');
  });

  it('lets the name without a port vouch and not accuse', () => {
    expect(judge(line('box', ours), ours, 'box').kind).toBe('trusted');
    expect(judge(line('box', theirs), ours, 'box').kind).toBe('unknown');
    expect(judge(`@revoked ${line('box', ours)}`, ours, 'box').kind).toBe('revoked');
  });

  it('tells that a certificate is wanted', () => {
    expect(judge(`@cert-authority ${line('*', theirs)}`)).toEqual({ kind: 'unknown', hasAuthority: true });
    expect(judge('')).toEqual({ kind: 'unknown', hasAuthority: false });
  });
});

describe('keyTitle', () => {
  it.each([
    ['ssh-ed25519', 'ED25519'],
    ['ssh-rsa', 'RSA'],
    ['ecdsa-sha2-nistp384', 'ECDSA'],
    ['sk-ssh-ed25519@openssh.com', 'ED25519-SK'],
    ['sk-ecdsa-sha2-nistp256@openssh.com', 'ECDSA-SK'],
  ])('calls %s %s', (type, title) => expect(keyTitle(type)).toBe(title));
});

describe('addKnownHost', () => {
  let base = '';
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'fh-'));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('makes file and folder for their owner only', () => {
    const file = join(base, '.ssh', 'known_hosts');
    addKnownHost(file, { name: 'Box', key: ours, isHashed: false });
    expect(readFileSync(file, 'utf8')).toBe(`${line('box', ours)}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(base, '.ssh')).mode & 0o777).toBe(0o700);
  });

  it.each(['*', 'a,b', 'a?', '!a', '@revoked', '#', 'a b', 'a\n* x'])(
    'lets the odd name %j vouch for no other host',
    (name) => {
      const file = join(base, 'kh');
      addKnownHost(file, { name, key: ours, isHashed: false });
      const lines = readKnownHosts([file]);
      expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|\S+ ssh-ed25519 \S+\n$/);
      expect(judgeKey(lines, ours, { name, bareName: null }).kind).toBe('trusted');
      for (const other of ['a', 'b', 'ab', 'box'])
        expect(judgeKey(lines, ours, { name: other, bareName: null }).kind).toBe('unknown');
    },
  );

  it('adds nothing twice, and ends a line that has no end', () => {
    const file = join(base, 'kh');
    writeFileSync(file, line('a', theirs));
    for (const isHashed of [true, false]) addKnownHost(file, { name: 'box', key: ours, isHashed });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
    expect(readKnownHosts([join(base, 'gone'), file]).map(({ line: number }) => number)).toEqual([1, 2]);
    expect(judgeKey(readKnownHosts([file]), ours, { name: 'box', bareName: null }).kind).toBe('trusted');
  });
});
