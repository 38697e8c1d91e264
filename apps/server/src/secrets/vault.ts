import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { KEY_BYTES, type MasterKey, masterKey } from './master-key.ts';

/** Keeps short texts unreadable at rest. `context` names the place of the text: it opens nowhere else. */
export interface Vault {
  /** Never the same twice for the same text. */
  seal(text: string, context: string): string;
  /** Throws `secret.key_unreadable` where the key, the context or the text is not the one of `seal`. */
  open(sealed: string, context: string): string;
  /** A key of 32 bytes for this purpose alone, telling nothing about the vault's; it outlives a change of that. */
  derive(purpose: string): Uint8Array;
}

/** A vault whose key can be changed. */
export interface RekeyableVault extends Vault {
  /** What a text sealed with the key of now is when sealed with `key`. Throws as `open`. */
  reseal(sealed: string, context: string, key: Buffer): string;
  /** What `derive` goes by, sealed with `key`: to be found by `VaultStore.root` from then on. */
  resealRoot(key: Buffer): string;
  /** Seals and opens with this key from now on. */
  take(key: Buffer): void;
}

/** What a vault has to know of what is stored. */
export interface VaultStore {
  /** True where there are texts which only the key opens that there was. */
  hasSealed(): boolean;
  /** What `resealRoot` gave; null before the first change of the key. */
  root(): string | null;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';
const ROOT = 'vault/root';
const NOTHING_STORED: VaultStore = { hasSealed: () => false, root: () => null };

/**
 * A vault with AES-256-GCM. The key is read, or where it is a file's made, at the first use. Throws
 * `secret.key_unreadable` for a key file that other users can read, and for one that is missing while something is sealed.
 */
export function openVault(from: string | MasterKey, store: VaultStore = NOTHING_STORED): RekeyableVault {
  const master = typeof from === 'string' ? masterKey(from) : from;
  let kept: Buffer | undefined;
  const key = () => (kept ??= master.read());
  const keyOrNew = () => (kept ??= store.hasSealed() ? master.read() : master.readOrMake());
  const open = (sealed: string, context: string) => unsealWith(key(), sealed, context, master.name);
  const root = () => {
    const sealed = store.root();
    return sealed === null ? keyOrNew() : Buffer.from(open(sealed, ROOT), 'base64');
  };
  return {
    seal: (text, context) => sealWith(keyOrNew(), text, context),
    open,
    derive: (purpose) => new Uint8Array(hkdfSync('sha256', root(), '', `farhand ${purpose}`, KEY_BYTES)),
    reseal: (sealed, context, next) => sealWith(next, open(sealed, context), context),
    resealRoot: (next) => sealWith(next, root().toString('base64'), ROOT),
    take: (next) => {
      kept = next;
    },
  };
}

/** As `Vault.seal`, with this key. */
export function sealWith(key: Buffer, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** As `Vault.open`, with this key, which comes from `source`. */
export function unsealWith(key: Buffer, sealed: string, context: string, source: string): string {
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch (cause) {
    const message = `The key in ${source} does not open what is stored.`;
    throw new FarhandError('secret.key_unreadable', { message, cause });
  }
}
