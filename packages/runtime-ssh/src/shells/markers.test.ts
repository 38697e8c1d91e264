import { createRandom } from '@farhand/shared/testing/random';
import { describe, expect, it } from 'vitest';
import { MarkerScanner } from './markers.ts';

const READY = 'aaab';
const END = 'aaac';

function scan(pieces: readonly Buffer[]) {
  const data: Buffer[] = [];
  const lines: string[] = [];
  const rest: Buffer[] = [];
  const scanner = new MarkerScanner([READY, END], {
    onData: (bytes) => {
      if (lines.length > 0) data.push(Buffer.from(bytes));
    },
    onMarker: (text) => lines.push(text),
    onRest: (bytes) => rest.push(Buffer.from(bytes)),
  });
  for (const piece of pieces) void scanner.push(piece);
  return { data: Buffer.concat(data), lines, rest: Buffer.concat(rest) };
}

describe('MarkerScanner', () => {
  it('neither adds nor loses a byte, however the stream is cut', () => {
    const random = createRandom(42).below;
    for (let round = 0; round < 500; round++) {
      // Letters of the markers themselves, and NUL and newline, so that near misses are common.
      const body = Buffer.from(Array.from({ length: random(60) }, () => 'aaab\n\0x'.charCodeAt(random(7))));
      if (body.includes(END)) continue;
      const stream = Buffer.concat([
        Buffer.from(`motd\n${READY} 123\n`),
        body,
        Buffer.from(`${END} 7\nnext`),
      ]);
      const pieces: Buffer[] = [];
      for (let at = 0; at < stream.length; ) {
        const end = Math.min(stream.length, at + 1 + random(9));
        pieces.push(stream.subarray(at, end));
        at = end;
      }
      const seen = scan(pieces);
      expect(seen.data.equals(body)).toBe(true);
      expect(seen.lines).toEqual(['123', '7']);
      expect(seen.rest.toString()).toBe('next');
    }
  });

  it('passes bytes on at once unless a marker may begin in them', () => {
    const data: string[] = [];
    const scanner = new MarkerScanner([END], {
      onData: (bytes) => void data.push(bytes.toString()),
      onMarker: () => {},
    });
    void scanner.push(Buffer.from('half a line'));
    void scanner.push(Buffer.from(' aa'));
    void scanner.push(Buffer.from('x'));
    expect(data).toEqual(['half a line', ' ', 'aax']);
  });

  it('tells a marker only after the reader has taken what came before', async () => {
    const seen: string[] = [];
    let take = () => {};
    const scanner = new MarkerScanner([END], {
      onData: (bytes) => {
        seen.push(bytes.toString());
        return new Promise<void>((resolve) => {
          take = resolve;
        });
      },
      onMarker: (text) => seen.push(`end ${text}`),
    });
    const holding = scanner.push(Buffer.from(`data${END} 0\n`));
    expect(seen).toEqual(['data']);
    take();
    await holding;
    expect(seen).toEqual(['data', 'end 0']);
  });
});
