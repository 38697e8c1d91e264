import { describe, expect, it } from 'vitest';
import { createLiveMask, createMask } from './mask.ts';

const valuesOf = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => ({ name, bytes: Buffer.from(value) }));
const mask = createMask(
  valuesOf({
    TOKEN: 'canary-0123456789-secret',
    PIN: '12',
    SHORT: 'abcd',
    KEY: '-----BEGIN-----\nline-one-of-it\n-----END-----',
  }),
);
const through = (chunks: readonly string[]) => {
  const stream = mask.open(0);
  const pieces = [...chunks.map((chunk) => stream.push(Buffer.from(chunk))), stream.flush()];
  let next = 0;
  for (const { offset, bytes } of pieces) {
    expect(offset).toBe(next);
    next += bytes.byteLength;
  }
  return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString();
};

describe('mask', () => {
  it('covers a secret with exactly as many bytes', () => {
    expect(through(['a canary-0123456789-secret b'])).toBe('a [secret TOKEN]********** b');
    expect(through(['x abcd y 12 z'])).toBe('x **** y 12 z');
  });

  it('covers a secret however it is cut', () => {
    const text = 'a canary-0123456789-secret b';
    for (let at = 6; at < text.length; at += 1) {
      expect(through([text.slice(0, at), text.slice(at)])).toBe('a [secret TOKEN]********** b');
    }
  });

  it('covers the lines of a value as a terminal prints them', () => {
    const printed = through(['-----BEGIN-----\r\nline-one-of-it\r\n-----END-----\r\n', 'line-one-of-it']);
    expect(printed).not.toContain('line-one');
    expect(printed).toHaveLength(
      '-----BEGIN-----\r\nline-one-of-it\r\n-----END-----\r\nline-one-of-it'.length,
    );
  });

  it('covers the rest of a secret whose beginning had to be shown', () => {
    const stream = mask.open(100);
    expect(stream.push(Buffer.from('canary-0123')).bytes.byteLength).toBe(0);
    expect(Buffer.from(stream.flush().bytes).toString()).toBe('canary-0123');
    const { offset, bytes } = stream.push(Buffer.from('456789-secret'));
    expect(offset).toBe(111);
    expect(Buffer.from(bytes).toString()).not.toContain('456789');
  });

  it('takes a secret that is new from the next bytes on, and none that is held is lost', () => {
    const before = createMask(valuesOf({ TOKEN: 'canary-0123456789-secret' }));
    const after = createMask(valuesOf({ TOKEN: 'canary-0123456789-secret', NEW: 'later-value' }));
    let current = before;
    const stream = createLiveMask(() => current).open(7);
    expect(Buffer.from(stream.push(Buffer.from('later-value canary-0123')).bytes).toString()).toBe(
      'later-value ',
    );
    current = after;
    const { offset, bytes } = stream.push(Buffer.from('456789-secret later-value.'));
    expect(offset).toBe(7 + 'later-value '.length);
    expect(Buffer.from(bytes).toString()).toBe('[secret TOKEN]********** *********** '.replace(/ $/, '.'));
  });
});
