/** The lines of known_hosts files, and what they say of a key. The format is sshd(8)'s SSH_KNOWN_HOSTS FILE FORMAT. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyChange } from '@farhand/shared/model/hosts';

export interface KnownHostLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert_authority' | null;
  /** Patterns with commas between, or one hashed name. */
  readonly names: string;
  /** As `ssh-ed25519`. */
  readonly type: string;
  readonly key: Buffer;
}

export type KeyVerdict =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'revoked'; readonly change: KeyChange }
  | { readonly kind: 'changed'; readonly change: KeyChange }
  /** `hasAuthority`: the host is to show a certificate instead. */
  | { readonly kind: 'unknown'; readonly hasAuthority: boolean };

/** The lines that hold a key; comments, broken lines and keys of the first protocol are left out. */
export function parseKnownHosts(text: string, file: string): KnownHostLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const words = raw.trim().split(/[ \t]+/);
    const marker = MARKERS.get(words[0] ?? '');
    if (marker !== undefined) words.shift();
    // A marker of a later time says something that we cannot know: the line is no plain key.
    const [names = '', type = '', encoded = ''] = words;
    if (names === '' || names.startsWith('#') || names.startsWith('@')) return [];
    const key = Buffer.from(encoded, 'base64');
    if (keyTypeOf(key) !== type) return [];
    return [{ file, line: index + 1, marker: marker ?? null, names, type, key }];
  });
}

/** The lines for `name`: a host name, `[name]:port`, or an alias. */
export function linesFor(lines: readonly KnownHostLine[], name: string): KnownHostLine[] {
  const wanted = name.toLowerCase();
  return lines.filter(({ names }) => (names.startsWith('|') ? isHashOf(names, wanted) : fits(names, wanted)));
}

/**
 * What the lines say of the key that a host shows. `bareName` is its name without a port, where that differs: its
 * lines can vouch for a key, never accuse one, as ssh has it.
 */
export function judgeKey(
  lines: readonly KnownHostLine[],
  key: Buffer,
  { name, bareName }: { name: string; bareName: string | null },
): KeyVerdict {
  const named = linesFor(lines, name);
  const bare = bareName === null ? [] : linesFor(lines, bareName);
  const isThisKey = (line: KnownHostLine) => line.key.equals(key);
  const revoked = [...new Set([...named, ...bare])].filter(
    (line) => line.marker === 'revoked' && isThisKey(line),
  );
  if (revoked.length > 0) return { kind: 'revoked', change: changeOf(key, revoked) };
  const plain = named.filter((line) => line.marker === null);
  if (plain.some(isThisKey)) return { kind: 'trusted' };
  if (plain.length > 0) return { kind: 'changed', change: changeOf(key, plain) };
  if (bare.some((line) => line.marker === null && isThisKey(line))) return { kind: 'trusted' };
  return { kind: 'unknown', hasAuthority: named.some((line) => line.marker === 'cert_authority') };
}

/** `SHA256:…`, as ssh prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** `ED25519`, `RSA`, …: ssh's word for the type of a key. */
export function keyTitle(type: string): string {
  const base = type.replace(/-cert-v\d+@.*$/, '').replace(/@.*$/, '');
  if (/^sk-.*ecdsa/.test(base)) return 'ECDSA-SK';
  if (base.startsWith('sk-')) return 'ED25519-SK';
  if (base.startsWith('ecdsa-')) return 'ECDSA';
  if (base === 'ssh-dss') return 'DSA';
  return base.replace(/^ssh-/, '').toUpperCase();
}

/** The type that a key in wire form names; empty where it is none. */
export function keyTypeOf(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length <= 64 && key.length > 4 + length ? key.toString('latin1', 4, 4 + length) : '';
}

/** A line's name field that does not show the name. */
export function hashedName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name.toLowerCase()).digest('base64')}`;
}

const MARKERS: ReadonlyMap<string, 'revoked' | 'cert_authority'> = new Map([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert_authority'],
]);

function changeOf(key: Buffer, lines: readonly KnownHostLine[]): KeyChange {
  return {
    type: keyTitle(keyTypeOf(key)),
    offered: fingerprint(key),
    known: [...new Set(lines.map((line) => fingerprint(line.key)))],
    records: lines.map(({ file, line }) => ({ file, line })),
  };
}

function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt = '', digest = ''] = hashed.split('|');
  if (version !== '1') return false;
  const known = Buffer.from(digest, 'base64');
  const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return known.length === found.length && timingSafeEqual(known, found);
}

function fits(names: string, name: string): boolean {
  let isNamed = false;
  for (const pattern of names.toLowerCase().split(',')) {
    if (!pattern.startsWith('!')) isNamed ||= matchesPattern(name, pattern);
    else if (matchesPattern(name, pattern.slice(1))) return false;
  }
  return isNamed;
}

// `*` and `?` only. Goes back to the last star at most, so that no line of a file can make it slow.
function matchesPattern(name: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern++;
      starAt = at;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === name[at]) {
      at++;
      inPattern++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}
