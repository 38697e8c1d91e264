/** The identity files of a host: their public halves first, the private ones only when a signature is asked for. */
import { readFileSync, statSync } from 'node:fs';
import ssh2, { type ParsedKey } from 'ssh2';
import { keyTypeOf } from '../known-hosts/known-hosts.ts';

/** A key of a file. Reading its private half may need a passphrase. */
export interface FileIdentity {
  readonly path: string;
  /** In wire form; null for an old locked file that shows it only with its passphrase. */
  readonly publicKey: Buffer | null;
  readonly isLocked: boolean;
}

/** A file that is there and cannot be used, in ssh's words. */
export interface UnusableFile {
  readonly path: string;
  readonly words: string;
}

export interface IdentityFiles {
  readonly identities: readonly FileIdentity[];
  /** Public keys that only select keys of the agent. */
  readonly selectors: readonly Buffer[];
  readonly unusable: readonly UnusableFile[];
}

/** The files that are there, in order; those that are not are left out, as ssh does. */
export function readIdentities(paths: readonly string[]): IdentityFiles {
  const identities: FileIdentity[] = [];
  const selectors: Buffer[] = [];
  const unusable: UnusableFile[] = [];
  for (const path of paths) {
    const beside = publicKeyIn(readText(`${path}.pub`));
    const text = readText(path);
    if (typeof text !== 'string' || !text.includes('PRIVATE KEY')) {
      const own = publicKeyIn(text) ?? beside;
      if (own !== null) selectors.push(own);
      if (text instanceof Error && (text as NodeJS.ErrnoException).code !== 'ENOENT')
        unusable.push({ path, words: `Load key "${path}": Permission denied` });
      if (typeof text === 'string' && own === null)
        unusable.push({ path, words: `Load key "${path}": invalid format` });
      continue;
    }
    if (isOpenToOthers(path)) {
      unusable.push({
        path,
        words: `@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\nPermissions for '${path}' are too open.\nLoad key "${path}": bad permissions`,
      });
      continue;
    }
    const parsed = ssh2.utils.parseKey(text);
    const isLocked = parsed instanceof Error && /no passphrase given/.test(parsed.message);
    const publicKey = parsed instanceof Error ? (publicKeyInside(text) ?? beside) : parsed.getPublicSSH();
    // A security key's file holds no secret that could sign: its public half says what it is.
    if (parsed instanceof Error && !isLocked && !isHardwareKey(publicKey)) {
      unusable.push({ path, words: `Load key "${path}": invalid format` });
      continue;
    }
    identities.push({ path, publicKey, isLocked });
  }
  return { identities, selectors, unusable };
}

/** The private key; null where the passphrase is not the file's. */
export function unlock(identity: FileIdentity, passphrase: string | undefined): ParsedKey | null {
  const text = readText(identity.path);
  if (typeof text !== 'string') return null;
  try {
    const parsed = ssh2.utils.parseKey(text, passphrase);
    return parsed instanceof Error || !parsed.isPrivateKey() ? null : parsed;
  } catch {
    // ssh2 reads garbage where the passphrase of an old file is wrong.
    return null;
  }
}

/** True for a key whose private half is in a security key: ssh2 cannot ask that for a signature. */
export function isHardwareKey(publicKey: Buffer | null): boolean {
  return publicKey !== null && keyTypeOf(publicKey).startsWith('sk-');
}

function readText(path: string): string | Error {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    return error as Error;
  }
}

function publicKeyIn(text: string | Error): Buffer | null {
  if (typeof text !== 'string') return null;
  const [type = '', encoded = ''] = text.trim().split(/\s+/);
  const key = Buffer.from(encoded, 'base64');
  return type !== '' && keyTypeOf(key) === type ? key : null;
}

// PROTOCOL.key: a magic word, the cipher, the KDF and its options, the number of keys, the first public key; in clear.
function publicKeyInside(text: string): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  if (body === undefined) return null;
  const bytes = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  try {
    for (let field = 0; field < 3; field++) at += 4 + bytes.readUInt32BE(at);
    at += 4;
    const key = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
    return keyTypeOf(key) === '' ? null : Buffer.from(key);
  } catch {
    return null;
  }
}

// ssh's own rule: only for what belongs to us, since what does not was put there by somebody who may.
function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32') return false;
  const { uid, mode } = statSync(path);
  return uid === process.getuid?.() && (mode & 0o077) !== 0;
}
