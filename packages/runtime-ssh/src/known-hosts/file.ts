/** Reads known_hosts files, and adds to one what a person trusts. */
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hashedName, type KnownHostLine, keyTypeOf, linesFor, parseKnownHosts } from './known-hosts.ts';

/** Host names, addresses, and those with a port; `_` is in names of services. */
const PLAIN_NAME = /^[[\p{L}\p{N}][\p{L}\p{N}_.:%\]-]*$/u;

/** The lines of all `files`, in order; a file that cannot be read has none. */
export function readKnownHosts(files: readonly string[]): KnownHostLine[] {
  return files.flatMap((file) => parseKnownHosts(readText(file), file));
}

export interface TrustedKey {
  readonly name: string;
  readonly key: Buffer;
  /** Writes the name so that it cannot be read. */
  readonly isHashed: boolean;
}

/**
 * Adds a line for the key, unless there is one. Makes the file for its owner only, and its folder. Nothing of it
 * waits, so two connections of this process add no line twice. Throws what the file system does.
 */
export function addKnownHost(file: string, { name, key, isHashed }: TrustedKey): void {
  const text = readText(file);
  const isThere = linesFor(parseKnownHosts(text, file), name).some(
    (line) => line.marker === null && line.key.equals(key),
  );
  if (isThere) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Written as it is, a name such as `*` or `a,b` would vouch for other hosts.
  const isPlain = !isHashed && PLAIN_NAME.test(name);
  const names = isPlain ? name.toLowerCase() : hashedName(name, randomBytes(20));
  // Somebody's editor may have left the last line without an end.
  const start = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(file, `${start}${names} ${keyTypeOf(key)} ${key.toString('base64')}\n`, { mode: 0o600 });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
