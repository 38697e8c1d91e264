import { createHash } from 'node:crypto';

/** SHA-256 as hex. Enough for tokens, which are random and long; a password would need a slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
