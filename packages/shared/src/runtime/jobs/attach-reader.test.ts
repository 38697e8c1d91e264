import { describe, expect, it } from 'vitest';
import { AttachReader } from './attach-reader.ts';

const MARK = '\x01farhand:nonce:';
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function readAll(pieces: Iterable<string>) {
  const reader = new AttachReader(MARK);
  let output = '';
  for (const piece of pieces) output += text(reader.push(new TextEncoder().encode(piece)));
  output += text(reader.end());
  return { output, header: reader.header, status: reader.status };
}

describe('AttachReader', () => {
  const whole = `at 5\nab\x01farhand:no\x01\n${MARK}exited 0 .\n`;
  it.each([
    ['at once', [whole]],
    ['byte by byte', whole],
  ])('takes header, bytes and trailer apart %s', (_how, pieces) => {
    expect(readAll(pieces)).toEqual({
      header: 'at 5',
      output: 'ab\x01farhand:no\x01\n',
      status: 'exited 0 .',
    });
  });

  it('gives bytes that only look like a trailer', () => {
    expect(readAll(['at 0\n', 'x\x01farhand:non'])).toEqual({
      header: 'at 0',
      output: 'x\x01farhand:non',
      status: null,
    });
  });

  it('holds nothing back that cannot be a trailer', () => {
    const reader = new AttachReader(MARK);
    expect(text(reader.push(new TextEncoder().encode('at 0\nprompt> ')))).toBe('prompt> ');
  });
});
