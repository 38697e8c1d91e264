import { describe, expect, it } from 'vitest';
import { gitGrep, grep, ripgrep } from './commands.ts';

describe('search commands', () => {
  it('take patterns and paths that look like options for what they are', () => {
    for (const { argv } of [ripgrep, gitGrep, grep].map((command) => command({ pattern: '-v' }, '-x'))) {
      expect(argv.slice(argv.indexOf('-e'), argv.indexOf('-e') + 3)).toEqual(['-e', '-v', '--']);
    }
  });

  it('read lines of ripgrep and grep, with colons and odd names', () => {
    expect(ripgrep({ pattern: 'x' }, '.').read('./a:1 b.ts\x007:key: x\r')).toEqual({
      path: 'a:1 b.ts',
      line: 7,
      text: 'key: x',
    });
    expect(grep({ pattern: 'x' }, '.').read('a\x0012:x')).toEqual({ path: 'a', line: 12, text: 'x' });
    expect(gitGrep({ pattern: 'x' }, '.').read('a b\x003\x00x:y')).toEqual({
      path: 'a b',
      line: 3,
      text: 'x:y',
    });
  });

  it('pass over what is no hit', () => {
    for (const line of ['', '--', 'Binary file x matches', 'a\x00zero:x'])
      expect(grep({ pattern: 'x' }, '.').read(line)).toBeNull();
  });

  it('bound the text of a line', () => {
    expect(grep({ pattern: 'x' }, '.').read(`a\x001:${'x'.repeat(9999)}`)?.text).toHaveLength(400);
  });
});
