import { describe, expect, it } from 'vitest';
import { NOTHING_TYPED, TYPED_AHEAD_LIMIT, typeAhead } from './typed-ahead.ts';

describe('typeAhead', () => {
  it('keeps what is typed in order', () => {
    expect(['l', 's', '\r'].reduce(typeAhead, NOTHING_TYPED)).toEqual({ text: 'ls\r', isFull: false });
  });

  it('refuses all that follows once something did not fit, so that nothing is sent with a gap', () => {
    const full = typeAhead(typeAhead(NOTHING_TYPED, 'ls '), 'x'.repeat(TYPED_AHEAD_LIMIT));
    expect(full).toEqual({ text: 'ls ', isFull: true });
    expect(typeAhead(full, '\r')).toEqual(full);
  });

  it('leaves out what no key made', () => {
    expect(['\u001b[I', '\u001b[<0;3;4M', '\u001b[?1;2c'].reduce(typeAhead, NOTHING_TYPED)).toEqual(
      NOTHING_TYPED,
    );
  });
});
