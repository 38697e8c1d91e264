import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Tells our tokens from other bearers, and in files where they do not belong. */
export const TOKEN_PREFIX = 'fh_';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** 260 random bits, five to a letter. */
const RANDOM_LETTERS = 52;
/** 32 bits. */
const CHECK_LETTERS = 7;
const FORM = new RegExp(`^${TOKEN_PREFIX}[a-z2-7]{${RANDOM_LETTERS + CHECK_LETTERS}}$`);

/** A new value, as `fh_…`: random letters, then a checksum of them. */
export function newTokenValue(): string {
  const letters = Array.from(randomBytes(RANDOM_LETTERS), (byte) => ALPHABET[byte & 31]).join('');
  return `${TOKEN_PREFIX}${letters}${checkOf(letters)}`;
}

/** False for what was cut short or mistyped: nothing needs to be looked up to know that it is not good. */
export function isTokenValue(text: string): boolean {
  if (!FORM.test(text)) return false;
  const letters = text.slice(TOKEN_PREFIX.length, TOKEN_PREFIX.length + RANDOM_LETTERS);
  return text.endsWith(checkOf(letters));
}

function checkOf(letters: string): string {
  let rest = crc32(letters);
  let text = '';
  for (let count = 0; count < CHECK_LETTERS; count += 1) {
    text += ALPHABET[rest & 31];
    rest >>>= 5;
  }
  return text;
}
