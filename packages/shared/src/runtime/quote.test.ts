import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote } from './quote.ts';

describe('quote', () => {
  it.each(['', 'a b', "it's", "''", '$HOME `x` \\ " !', 'new\nline', '-n', 'é\x01'])(
    'gives sh the word %j as it is',
    (word) => {
      expect(execFileSync('sh', { input: `printf %s ${quote(word)}` }).toString()).toBe(word);
    },
  );

  it('refuses a NUL', () => {
    expect(() => quote('a\0b')).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });
});
