import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a line splitter', () => {
  it('gives the same lines and places wherever the output is cut', () => {
    const output = bytes('one\n\nzwölf\nlast\n');
    const whole = [...new LineSplitter(100, 50).push(output)];
    expect(whole.map(({ text }) => text)).toEqual(['one', '', 'zwölf', 'last']);
    for (let cut = 0; cut <= output.length; cut += 1) {
      const lines = new LineSplitter(100, 50);
      const pieces = [...lines.push(output.subarray(0, cut)), ...lines.push(output.subarray(cut))];
      expect(pieces).toEqual(whole);
      expect(lines.at).toBe(100 + output.length);
    }
    expect(whole.map(({ from, to }) => to - from)).toEqual([4, 1, 7, 5]);
  });

  it('keeps nothing of a line that is too long, and goes on after it', () => {
    const lines = new LineSplitter(0, 4);
    const found = [
      ...lines.push(bytes('12345')),
      ...lines.push(bytes('678')),
      ...lines.push(bytes('9\n1234\n')),
    ];
    expect(found).toEqual([
      { from: 0, to: 10, text: null },
      { from: 10, to: 15, text: '1234' },
    ]);
  });

  it('drops what was begun where bytes are gone', () => {
    const lines = new LineSplitter(0, 50);
    expect([...lines.push(bytes('half a li'))]).toEqual([]);
    lines.skip(90);
    expect([...lines.push(bytes('next\n'))]).toEqual([{ from: 90, to: 95, text: 'next' }]);
  });
});
