import { describe, expect, it } from 'vitest';
import { dataUrlBytes, sentSize } from './image-limits.ts';

describe('sentSize', () => {
  it('leaves a picture that is small enough as it is', () => {
    expect(sentSize(2048, 10)).toEqual({ width: 2048, height: 10 });
  });
  it('makes the longer side fit and keeps the shape', () => {
    expect(sentSize(4096, 2048)).toEqual({ width: 2048, height: 1024 });
    expect(sentSize(1000, 8000)).toEqual({ width: 256, height: 2048 });
    expect(sentSize(1, 100_000)).toEqual({ width: 1, height: 2048 });
  });
});

describe('dataUrlBytes', () => {
  it.each(['', 'a', 'ab', 'abc', 'abcd'])('counts the bytes of %j', (text) => {
    expect(dataUrlBytes(`data:image/png;base64,${btoa(text)}`)).toBe(text.length);
  });
});
