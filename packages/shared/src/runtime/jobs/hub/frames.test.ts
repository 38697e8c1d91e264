import { describe, expect, it } from 'vitest';
import { FarhandError } from '../../../errors/farhand-error.ts';
import { createRandom } from '../../../testing/random.ts';
import { FrameReader } from './frames.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);

/** What a reader told, as lines; the parts of one piece joined. */
function readAll(pieces: Iterable<Uint8Array>): string[] {
  const told: string[] = [];
  let next = '';
  const reader = new FrameReader({
    onOutput: (n, stream, offset, bytes) => {
      const place = `${n} ${stream} ${offset}`;
      if (place === next) told.push(`${told.pop() ?? ''}${decode(bytes)}`);
      else told.push(`${place}: ${decode(bytes)}`);
      next = `${n} ${stream} ${offset + bytes.length}`;
    },
    onMissed: (n, stream, from, to) => void told.push(`${n} ${stream} missed ${from}-${to}`),
    onEnd: (n, end) => void told.push(`${n} ${end.kind === 'status' ? end.line : end.kind}`),
  });
  for (const piece of pieces) reader.push(piece);
  return told;
}

describe('FrameReader', () => {
  const told = [
    '1 out 5: e 1 exited 0',
    '2 err missed 0-4194304',
    '2 err 4194304: x',
    '1 exited 0 .',
    '3 no_job',
    '4 detached',
    '5 failed',
  ];
  const whole = encode(
    'h perl inotify\nd 1 out 5 12\ne 1 exited 0m 2 err 0 4194304\nd 2 err 4194304 1\nxe 1 exited 0 .\nn 3\nx 4\nf 5\n',
  );

  it('takes frames apart and counts the bytes of a job, whatever they look like', () => {
    expect(readAll([whole])).toEqual(told);
  });

  it('takes them apart however they are cut', () => {
    const { below } = createRandom(31);
    for (let round = 0; round < 500; round += 1) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < whole.length; ) {
        const end = at + 1 + below(round % 40);
        pieces.push(whole.subarray(at, end));
        at = end;
      }
      expect(readAll(pieces)).toEqual(told);
    }
  });

  it.each([
    ['a type that is none', 'z 1\n'],
    ['no number', 'e x exited 0 .\n'],
    ['a number below zero', 'n -1\n'],
    ['a number beyond all', 'd 1 out 9999999999999999 1\n'],
    ['a stream that is none', 'd 1 in 0 1\n'],
    ['an empty piece', 'd 1 out 0 0\n'],
    ['a piece too long', 'd 1 out 0 65537\n'],
    ['too much in a header', 'd 1 out 0 1 1\n'],
    ['too little', 'm 1 out 0\n'],
    ['an end without a status', 'e 1\n'],
    ['an empty line', '\n'],
    ['a header without end', 'x'.repeat(200)],
  ])('refuses %s', (_what, text) => {
    expect(() => readAll([encode(text)])).toThrow(expect.objectContaining({ code: 'host.shell_unusable' }));
  });

  it('keeps nothing of a header that never ends', () => {
    const reader = new FrameReader({ onOutput() {}, onMissed() {}, onEnd() {} });
    expect(() => {
      for (let count = 0; count < 1000; count += 1) reader.push(encode('x'));
    }).toThrow(FarhandError);
  });

  it('throws nothing but its own error for whatever bytes come', () => {
    const { below } = createRandom(7);
    const alphabet = encode('dmenxfh 0129-out err exited .\n\0\xff');
    let refused = 0;
    for (let round = 0; round < 3000; round += 1) {
      const bytes = Uint8Array.from({ length: 1 + below(300) }, () =>
        below(4) === 0 ? below(256) : (alphabet[below(alphabet.length)] ?? 0),
      );
      // What is true, then what is not: also the state after a good frame is tried.
      const start = whole.subarray(0, below(whole.length));
      try {
        readAll([start, bytes]);
      } catch (error) {
        expect(error).toBeInstanceOf(FarhandError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
