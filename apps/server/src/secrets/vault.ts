import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { FarhandError } from '@farhand/shared/errors/farhand-error';

/** Keeps short texts unreadable at rest. `context` names the place of the text: it opens nowhere else. */
export interface Vault {
  /** Never the same twice for the same text. */
  seal(text: string, context: string): string;
  /** Throws `secret.key_unreadable` where the key, the context or the text is not the one of `seal`. */
  open(sealed: string, context: string): string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

/**
 * A vault with AES-256-GCM and the key in `keyFile`, which is read or made (mode 0600) at the first use. A key file
 * that other users can read is refused with `secret.key_unreadable`, and so is a missing one where `hasSealed` says that
 * there are texts which only it opens.
 */
export function openVault(keyFile: string, hasSealed: () => boolean = () => false): Vault {
  let kept: Buffer | undefined;
  const key = () => (kept ??= readKey(keyFile));
  return {
    seal(text, context) {
      kept ??= hasSealed() ? readKey(keyFile) : makeKey(keyFile);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key(), nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed, context) => unseal(key(), sealed, context, keyFile),
  };
}

function unseal(key: Buffer, sealed: string, context: string, keyFile: string): string {
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
    const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch (cause) {
    const message = `The key in ${keyFile} does not open what is stored.`;
    throw new FarhandError('secret.key_unreadable', { message, cause });
  }
}

function makeKey(keyFile: string): Buffer {
  try {
    writeFileSync(keyFile, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST')
      throw unusable(keyFile, 'It cannot be written.', thrown);
  }
  return readKey(keyFile);
}

function readKey(keyFile: string): Buffer {
  let text: string;
  try {
    if (isOpenToOthers(keyFile)) {
      const message = `Other users can read the key file ${keyFile}.`;
      throw new FarhandError('secret.key_unreadable', {
        message,
        hint: `Run \`chmod 600 ${keyFile}\`, then start again.`,
      });
    }
    text = readFileSync(keyFile, 'utf8');
  } catch (thrown) {
    throw FarhandError.is(thrown) ? thrown : unusable(keyFile, 'It cannot be read.', thrown);
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) throw unusable(keyFile, 'It does not hold a key of 32 bytes.');
  return key;
}

// Windows keeps no such bits: there the folder in the user's profile is what guards the file.
function isOpenToOthers(keyFile: string): boolean {
  return process.platform !== 'win32' && (statSync(keyFile).mode & 0o077) !== 0;
}

function unusable(keyFile: string, reason: string, cause?: unknown): FarhandError {
  return new FarhandError('secret.key_unreadable', {
    message: `The key file ${keyFile} cannot be used. ${reason}`,
    cause,
  });
}
