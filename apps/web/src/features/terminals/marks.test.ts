import { describe, expect, it } from 'vitest';
import { MarkLimit } from './marks.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('MarkLimit', () => {
  it('leaves text of every language as it is, however it is cut', () => {
    const text = 'naïve Zürich, Tiếng Việt, हिन्दी, ภาษาไทย, 👩‍👩‍👧‍👦, e\u0301\u0302\u0303';
    const bytes = encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      const limit = new MarkLimit();
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)].map((piece) => limit.push(piece));
      expect(decode(Buffer.concat(pieces))).toBe(text);
    }
  });

  it('cuts marks that pile up', () => {
    const shown = decode(new MarkLimit().push(encode(`e${'\u0301'.repeat(50_000)}x`)));
    expect(shown).toBe(`e${'\u0301'.repeat(31)}x`);
  });

  it('gives plain output back without a copy', () => {
    const bytes = encode('plain ü\n');
    expect(new MarkLimit().push(bytes)).toBe(bytes);
  });
});
