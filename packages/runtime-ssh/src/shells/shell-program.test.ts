import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { keeperCommand, runLines } from './shell-program.ts';

describe('keeperCommand', () => {
  it('is one line that every login shell reads alike inside single quotes', () => {
    const { command } = keeperCommand('0123456789abcdef');
    const quoted = command.split("'").filter((_, index) => index % 2 === 1);
    expect(quoted.length).toBeGreaterThan(4);
    expect(quoted.join('')).not.toMatch(/[\n\\!]/);
    // As many opening as closing quotes.
    expect(command.split("'").length % 2).toBe(1);
  });

  it('does not hold the marker that it prints', () => {
    const { command, ready } = keeperCommand('0123456789abcdef');
    expect(command).not.toContain(ready);
  });
});

describe('runLines', () => {
  it('brings a script through one line unchanged', () => {
    const script = "printf \"%s\" 'it'\\''s\n\n$HOME `x` \"\\n'\n# é \u0007";
    const [, line = ''] = runLines('n0', 'none', script).split('\n');
    const decoded = execFileSync('sh', ['-c', `eval "s=$L"; printf %s "$s"`, 'sh', '\n'], {
      encoding: 'utf8',
      env: { L: line },
    });
    expect(decoded).toBe(`unset farhand_script\n${script}`);
  });
});
