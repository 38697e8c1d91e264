import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandText } from './command-text.ts';

describe('commandText', () => {
  it('quotes only what has to be', () => {
    expect(commandText(['ls', '-la', 'a b', ''])).toBe("ls -la 'a b' ''");
  });

  it('makes no assignment of a program that is named like one', () => {
    expect(commandText(['a=./evil', 'x=1'])).toBe("'a=./evil' x=1");
  });

  it('is read by a shell as the very same words', () => {
    const words = [
      'a',
      "it's",
      '$HOME',
      '`id`',
      '*',
      '~',
      '{a,b}',
      '{1..3}',
      'x=1',
      '#no',
      'a\nb',
      '\\',
      '"',
      '!',
      '',
    ];
    for (const shell of ['sh', 'bash']) {
      const out = execFileSync(shell, ['-c', commandText(['printf', '%s\\0', ...words])], {
        encoding: 'utf8',
      });
      expect(out.split('\0').slice(0, -1)).toEqual(words);
    }
  });
});
