import { createRandom, mangled } from '@farhand/shared/testing/random';
import { describe, expect, it } from 'vitest';
import { Clamp } from './clamp.ts';

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const clamp = (text: string) => textOf(new Clamp().push(bytesOf(text)));

describe('Clamp', () => {
  it.each([
    ['\u001b[2147483647L', '\u001b[1000L'],
    ['\u001b[99999999999;7S', '\u001b[1000;7S'],
    ['a\u00c2\u009b5000000Tb', 'a\u00c2\u009b1000Tb'],
    ['\u001b[\u001b[9999999I', '\u001b[\u001b[1000I'],
  ])('lets %j count no further than a screen', (sequence, shown) => {
    expect(clamp(sequence)).toBe(shown);
  });

  it.each([
    'plain text, ümlaut Â and ends with a lone escape? no',
    '\u001b[38;2;255;128;9m\u001b[?2004h\u001b[?9001h\u001b[24;80H\u001b[4L',
    '\u001b]0;title 99999999L\u0007\u001bP$q\u001b\\\u001bM\u001b(B',
    '\u001b[3\n4m',
  ])('passes %j as it is', (text) => {
    expect(clamp(text)).toBe(text);
  });

  it('drops a sequence that is longer than any program sends', () => {
    expect(clamp(`a\u001b[${'1;'.repeat(50_000)}mb`)).toBe('ab');
  });

  it('gives the same however its input is cut, and never more than it got', () => {
    const random = createRandom(3);
    const sample = bytesOf('x\u001b[99999L\u001b[31mred\u00c2\u009b123456Pé\u001b]8;;u\u0007\u001b[?25l');
    for (let round = 0; round < 2000; round++) {
      const input = mangled(sample, random);
      const whole = new Clamp();
      const expected = textOf(whole.push(input)) + textOf(whole.push(bytesOf('z')));
      const cut = new Clamp();
      const at = random.below(input.length + 1);
      const pieces = [input.subarray(0, at), input.subarray(at), bytesOf('z')];
      expect(pieces.map((piece) => textOf(cut.push(piece))).join('')).toBe(expected);
      expect(expected.length).toBeLessThanOrEqual(input.length + 1);
      expect(expected).not.toMatch(/\u001b\[\d{5,}[LMST]/);
    }
  });
});
