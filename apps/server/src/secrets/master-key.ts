import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { KeySource } from '@farhand/shared/model/secrets';

/** The key that seals what is stored, from where the person keeps it. */
export interface MasterKey {
  readonly source: KeySource;
  /** For messages: a file's path, or the variable that names the source. */
  readonly name: string;
  /** Throws `secret.key_unreadable`. */
  read(): Buffer;
  /** Where there is no key yet, one is made; a key that is given from outside is only read. */
  readOrMake(): Buffer;
}

/** A key that the person gave with the start, and from where. */
export interface GivenKey {
  readonly source: Exclude<KeySource, 'file'>;
  /** Base64 of 32 bytes. */
  readonly text: string;
}

export const KEY_BYTES = 32;
const NAMES = { environment: 'FARHAND_KEY', command: 'FARHAND_KEY_COMMAND' };

/** The key that was given, or else the one in the file. */
export function masterKey(keyFile: string, given: GivenKey | null = null): MasterKey {
  if (given === null) return keyInFile(keyFile);
  const name = NAMES[given.source];
  const read = () => {
    const key = parseKey(given.text);
    if (key) return key;
    throw new FarhandError('secret.key_invalid', {
      message: `What ${name} gives is not base64 of 32 bytes.`,
    });
  };
  return { source: given.source, name, read, readOrMake: read };
}

/** Null for what is not base64 of 32 bytes. */
export function parseKey(text: string): Buffer | null {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  const isWhole = key.toString('base64').replace(/=+$/, '') === trimmed.replace(/=+$/, '');
  return key.length === KEY_BYTES && isWhole ? key : null;
}

/** The file, mode 0600, made at the first use. */
function keyInFile(keyFile: string): MasterKey {
  return {
    source: 'file',
    name: keyFile,
    read: () => readKeyFile(keyFile),
    readOrMake() {
      try {
        writeKey(keyFile, randomBytes(KEY_BYTES));
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST')
          throw unusable(keyFile, 'It cannot be written.', thrown);
      }
      return readKeyFile(keyFile);
    },
  };
}

/** Where the next key of a file waits while all is sealed with it. */
const nextKeyFile = (keyFile: string) => `${keyFile}.new`;

/** Writes the next key beside the file, and gives it: it takes the file's place with `takeNextKey`. */
export function makeNextKey(keyFile: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  try {
    rmSync(nextKeyFile(keyFile), { force: true });
    writeKey(nextKeyFile(keyFile), key);
  } catch (thrown) {
    throw unusable(nextKeyFile(keyFile), 'It cannot be written.', thrown);
  }
  return key;
}

/** The next key is the key from now on, also after a loss of power. */
export function takeNextKey(keyFile: string): void {
  renameSync(nextKeyFile(keyFile), keyFile);
  syncFolder(dirname(keyFile));
}

/** Null where none waits. Throws `secret.key_unreadable`. */
export function readNextKey(keyFile: string): Buffer | null {
  const isThere = statSync(nextKeyFile(keyFile), { throwIfNoEntry: false }) !== undefined;
  return isThere ? readKeyFile(nextKeyFile(keyFile)) : null;
}

export function dropNextKey(keyFile: string): void {
  rmSync(nextKeyFile(keyFile), { force: true });
}

function writeKey(file: string, key: Buffer): void {
  writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  syncFolder(dirname(file));
}

function syncFolder(folder: string): void {
  // Windows has no such thing to open.
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function readKeyFile(keyFile: string): Buffer {
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
  const key = parseKey(text);
  if (!key) throw unusable(keyFile, 'It does not hold a key of 32 bytes.');
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
