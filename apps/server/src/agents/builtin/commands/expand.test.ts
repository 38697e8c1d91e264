import { describe, expect, it } from 'vitest';
import { expand, readCall } from './expand.ts';

describe('readCall', () => {
  it('reads the name and what follows it', () => {
    expect(readCall('/review')).toEqual({ name: 'review', args: '' });
    expect(readCall('/review src/a.ts  now\nplease ')).toEqual({
      name: 'review',
      args: 'src/a.ts  now\nplease',
    });
  });

  it.each(['review', ' /review', '/', '/etc/hosts is wrong', '/-x', `/${'a'.repeat(65)}`])(
    'takes %o for a message',
    (text) => {
      expect(readCall(text)).toBeNull();
    },
  );
});

describe('expand', () => {
  it('puts arguments in their places, quoted ones whole', () => {
    expect(expand('$1 then $2 of $ARGUMENTS', `"a b" 'c'`)).toBe(`a b then c of "a b" 'c'`);
  });

  it('replaces once: an argument is never looked into', () => {
    expect(expand('$1 $2', '$2 $ARGUMENTS')).toBe('$2 $ARGUMENTS');
  });

  it('leaves nothing for missing ones, and all that is no place', () => {
    expect(expand('[$1][$9] $10 $0 $x $ARGUMENTSX', '')).toBe('[][] $10 $0 $x $ARGUMENTSX');
  });

  it('puts arguments that have no place at the end', () => {
    expect(expand('Review.', 'src')).toBe('Review.\n\nsrc');
    expect(expand('Review.', '')).toBe('Review.');
  });
});
