import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where the log ends, or where it was cut. */
export interface Mark {
  readonly seq: number;
  readonly hash: string;
}

/** What is signed: the end in the store, the end in a file of its own elsewhere, a cut. One never stands for another. */
type MarkKind = 'head' | 'witness' | 'cut';

/** Signs with a key that is not in the log. */
export interface Signer {
  sign(kind: MarkKind, mark: Mark): string;
  isSigned(kind: MarkKind, mark: Mark, signature: string): boolean;
}

/** HMAC-SHA-256 with this key. */
export function createSigner(key: Uint8Array): Signer {
  const sign = (kind: MarkKind, { seq, hash }: Mark) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['farhand audit', kind, seq, hash]))
      .digest('hex');
  return {
    sign,
    isSigned(kind, mark, signature) {
      const [right, given] = [Buffer.from(sign(kind, mark)), Buffer.from(signature)];
      return right.length === given.length && timingSafeEqual(right, given);
    },
  };
}
