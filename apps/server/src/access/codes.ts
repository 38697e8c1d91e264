import { randomBytes } from 'node:crypto';
import { hashToken } from './token-hash.ts';

/** One-time sign-in codes, in memory: a restart makes them void. */
export interface Codes {
  /** A new code (192 bits), good once, for 10 minutes. */
  issue(): string;
  /** True for a code that is good; from then on it is not. `address` is who asks: guessing is limited per address. */
  redeem(code: string, address: string): boolean;
}

const CODE_BYTES = 24;
const LIFETIME_MS = 10 * 60_000;
// Nobody needs more than some mistyped codes; guessing 192 bits is hopeless anyway, so this only spares the log and CPU.
const MAX_WRONG = 10;
const WRONG_WINDOW_MS = 60_000;
// Both tables stay small whatever is sent.
const MAX_CODES = 1_000;
const MAX_ADDRESSES = 1_000;

/** `now` in milliseconds; for tests. */
export function createCodes(now: () => number = Date.now): Codes {
  const expiries = new Map<string, number>();
  const wrong = new Map<string, { count: number; since: number }>();

  const isLimited = (address: string) => {
    const entry = wrong.get(address);
    return entry !== undefined && entry.count >= MAX_WRONG && now() - entry.since < WRONG_WINDOW_MS;
  };
  const countWrong = (address: string) => {
    const entry = wrong.get(address);
    if (entry && now() - entry.since < WRONG_WINDOW_MS) entry.count += 1;
    else setBounded(wrong, address, { count: 1, since: now() }, MAX_ADDRESSES);
  };

  return {
    issue() {
      const code = randomBytes(CODE_BYTES).toString('base64url');
      setBounded(expiries, hashToken(code), now() + LIFETIME_MS, MAX_CODES);
      return code;
    },
    redeem(code, address) {
      if (isLimited(address)) return false;
      // Looked up by its hash: how long that takes tells nothing about codes that exist.
      const hash = hashToken(code);
      const expiry = expiries.get(hash);
      expiries.delete(hash);
      const isGood = expiry !== undefined && now() < expiry;
      if (!isGood) countWrong(address);
      return isGood;
    },
  };
}

function setBounded<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.delete(key);
  const oldest = map.keys().next();
  if (map.size >= limit && !oldest.done) map.delete(oldest.value);
  map.set(key, value);
}
