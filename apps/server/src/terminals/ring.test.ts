import { describe, expect, it } from 'vitest';
import { createRing } from './ring.ts';

describe('ring', () => {
  it('keeps the last bytes by offset', () => {
    const ring = createRing(10, 8);
    for (const text of ['abcd', 'efgh', 'ijkl']) ring.push(ring.end(), Buffer.from(text));
    expect([ring.start(), ring.end()]).toEqual([14, 22]);
    expect(Buffer.from(ring.slice(15, 100)).toString()).toBe('fghijkl');
    expect(Buffer.from(ring.slice(18, 2)).toString()).toBe('ij');
  });

  it('gives every byte of many blocks once, whatever the pieces were', () => {
    const ring = createRing(3, 1024 * 1024);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    for (let at = 0; at < bytes.byteLength; at += 70_001)
      ring.push(ring.end(), bytes.subarray(at, at + 70_001));
    const got: Uint8Array[] = [];
    for (let at = 3; at < ring.end(); ) {
      const piece = ring.slice(at, 50_000);
      got.push(piece);
      at += piece.byteLength;
    }
    expect(Buffer.concat(got).equals(bytes)).toBe(true);
  });

  it('keeps what it was given when the giver writes over it', () => {
    const ring = createRing(0, 8);
    const bytes = Buffer.from('ab');
    ring.push(0, bytes);
    bytes.fill('x');
    expect(Buffer.from(ring.slice(0, 8)).toString()).toBe('ab');
  });

  it('starts anew after a gap', () => {
    const ring = createRing(0, 8);
    ring.push(0, Buffer.from('ab'));
    ring.push(50, Buffer.from('cd'));
    expect([ring.start(), ring.end()]).toEqual([50, 52]);
  });
});
