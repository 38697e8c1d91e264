import { FarhandError } from '@farhand/shared/errors/farhand-error';

const MAX_WRONG = 10;
const WINDOW_MS = 60_000;
/** The table stays small whatever is sent. */
const MAX_ADDRESSES = 1_000;

/**
 * Counts wrong tokens per address. Guessing 260 bits is hopeless, so a right one is let in all the same – others may be
 * behind the same address – and this only spares the log and the audit.
 */
export interface WrongTokens {
  /** What to answer: `access.token_invalid`, after ten in a minute `access.too_many_wrong`. */
  refuse(address: string | null): FarhandError;
}

/** `now` in milliseconds; for tests. */
export function createWrongTokens(now: () => number = Date.now): WrongTokens {
  const counts = new Map<string, { count: number; since: number }>();
  return {
    refuse(address) {
      const key = address ?? '';
      const known = counts.get(key);
      const entry = known && now() - known.since < WINDOW_MS ? known : { count: 0, since: now() };
      entry.count += 1;
      counts.delete(key);
      const oldest = counts.keys().next();
      if (counts.size >= MAX_ADDRESSES && !oldest.done) counts.delete(oldest.value);
      counts.set(key, entry);
      return new FarhandError(entry.count > MAX_WRONG ? 'access.too_many_wrong' : 'access.token_invalid');
    },
  };
}
