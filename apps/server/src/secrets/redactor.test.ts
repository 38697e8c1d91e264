import { describe, expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';
import { numbers, pieces } from './testing/random.ts';

/** What a redactor should give, found the slow way: every occurrence, merged where they overlap. */
function expected(text: string, values: Record<string, string>): string {
  const found: { start: number; end: number; name: string; length: number }[] = [];
  for (const [name, value] of Object.entries(values)) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      found.push({ start: at, end: at + value.length, name, length: value.length });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: typeof found = [];
  for (const one of found) {
    const last = merged.at(-1);
    if (!last || last.end <= one.start) {
      merged.push({ ...one });
      continue;
    }
    last.end = Math.max(last.end, one.end);
    if (one.length > last.length) Object.assign(last, { name: one.name, length: one.length });
  }
  let out = '';
  let at = 0;
  for (const { start, end, name } of merged) {
    out += `${text.slice(at, start)}[secret ${name}]`;
    at = end;
  }
  return out + text.slice(at);
}

describe('the redactor', () => {
  it('covers the same at every split, in text and in bytes', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = numbers(seed);
      const word = (least: number, most: number) =>
        Array.from({ length: least + random(most - least) }, () => 'abé'[random(3)]).join('');
      const values: Record<string, string> = {};
      // Equal values would make the label a matter of taste.
      const distinct = new Set(Array.from({ length: 1 + random(5) }, () => word(4, 9)));
      [...distinct]
        .toSorted((a, b) => a.length - b.length)
        .forEach((value, index) => {
          if (!Object.values(values).some((other) => other.length === value.length))
            values[`S${index}`] = value;
        });
      const text = word(0, 120);
      const want = expected(text, values);
      const redactor = createRedactor(values);
      const stream = redactor.stream();
      const got =
        pieces(text, random)
          .map((piece) => stream.push(piece))
          .join('') + stream.end();
      expect(got, `seed ${seed}`).toBe(want);
      expect(redactor.text(text)).toBe(want);
      const bytes = redactor.bytes();
      const parts = pieces(Buffer.from(text), random).map((piece) => Buffer.from(bytes.push(piece)));
      expect(Buffer.concat([...parts, bytes.end()]).includes(Object.values(values)[0] ?? '-')).toBe(false);
    }
  });

  it('leaves bytes that are no text as they are', () => {
    const bytes = createRedactor({ TOKEN: 'hunter22' }).bytes();
    const noise = Uint8Array.from({ length: 512 }, (_, index) => index & 255);
    expect(Buffer.concat([bytes.push(noise), bytes.end()])).toEqual(Buffer.from(noise));
  });

  it('holds nothing back where no value can begin', () => {
    const stream = createRedactor({ TOKEN: 'hunter22' }).stream();
    expect(stream.push('$ ')).toBe('$ ');
    expect(stream.push('hunt')).toBe('');
    expect(stream.push('ing')).toBe('hunting');
  });

  it('holds back no more than the longest value, however long the stream', () => {
    const stream = createRedactor({ A: 'a'.repeat(50) }).stream();
    let given = '';
    for (let count = 0; count < 10_000; count += 1) given += stream.push('a');
    expect(given).toBe('');
    expect(given + stream.push('.') + stream.end()).toBe('[secret A].');
  });

  it('takes the longest value first, and leaves short ones alone', () => {
    const redactor = createRedactor({ SHORT: 'abc', PART: 'abcd', WHOLE: 'abcdefgh' });
    expect(redactor.text('abc abcd abcdefgh')).toBe('abc [secret PART] [secret WHOLE]');
  });

  it('covers each long line of a value with several lines, and the value as a terminal prints it', () => {
    const redactor = createRedactor({ KEY: '-----BEGIN-----\nMIIEpAIBAAKCAQEA\n}\n-----END-----\n' });
    expect(redactor.text('x MIIEpAIBAAKCAQEA } y')).toBe('x [secret KEY] } y');
    expect(redactor.text('-----BEGIN-----\r\nMIIEpAIBAAKCAQEA\r\n}\r\n-----END-----')).toBe('[secret KEY]');
  });
});
