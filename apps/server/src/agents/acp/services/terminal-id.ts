import { createHash, randomBytes } from 'node:crypto';
import { type JobId, jobId, type SessionId } from '@farhand/shared/model/ids';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const HEAD = 7;
const LIMIT = 6;
const CHECK = 7;
const LARGEST_LIMIT = 32 ** LIMIT - 1;

/**
 * The id of a terminal, which is its job's too. It says whose it is and how much of its output the agent wants, so that
 * a restarted server needs no record: 7 characters of its own, 6 of the limit in bytes (0 for none), 7 that only the
 * session itself gives. The same `seed` gives the same id.
 */
export function terminalId(sessionId: SessionId, seed: string | null, limitBytes: number | null): JobId {
  const own = seed === null ? letters(randomBytes(HEAD)) : letters(hash('terminal', sessionId, seed));
  const limit = limitBytes === null ? 0 : Math.min(Math.max(1, Math.floor(limitBytes)), LARGEST_LIMIT);
  const body = own.slice(0, HEAD) + base32(limit);
  return jobId.parse(`job_${body}${check(sessionId, body)}`);
}

/** What an id says; null where it is none of this session's terminals. */
export function readTerminalId(
  sessionId: SessionId,
  id: string,
): { readonly jobId: JobId; readonly limitBytes: number | null } | null {
  const parsed = jobId.safeParse(id);
  if (!parsed.success) return null;
  const body = id.slice(4, 4 + HEAD + LIMIT);
  if (id.slice(4 + HEAD + LIMIT) !== check(sessionId, body)) return null;
  const limit = Array.from(body.slice(HEAD)).reduce((sum, letter) => sum * 32 + ALPHABET.indexOf(letter), 0);
  return { jobId: parsed.data, limitBytes: limit === 0 ? null : limit };
}

function base32(value: number): string {
  const digits = Array.from({ length: LIMIT }, (_, at) => Math.floor(value / 32 ** (LIMIT - 1 - at)) % 32);
  return digits.map((digit) => ALPHABET[digit]).join('');
}

const check = (sessionId: SessionId, body: string) => letters(hash('check', sessionId, body)).slice(0, CHECK);

const hash = (...words: string[]) => createHash('sha256').update(words.join(' ')).digest();

const letters = (bytes: Uint8Array) => Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
