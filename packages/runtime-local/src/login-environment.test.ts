import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loginEnvironment } from './login-environment.ts';

function pathOf(program: string): string {
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();
}

/** The PATH with these start-up files in the home. */
async function pathWith(shell: string, files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const home = mkdtempSync(join(tmpdir(), 'farhand-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  const { PATH } = await loginEnvironment(home, { SHELL: pathOf(shell), PATH: '/usr/bin:/bin' });
  return PATH?.replaceAll(home, '~');
}

describe('loginEnvironment', () => {
  it.each([
    {
      shell: 'bash',
      file: '.profile',
      line: '. ~/.bashrc\n',
      more: { '.bashrc': 'case $- in *i*) ;; *) return ;; esac\nPATH=$HOME/x:$PATH\n' },
    },
    { shell: 'zsh', file: '.zshrc', line: 'path=($HOME/x $path)\n', more: {} },
    { shell: 'fish', file: '.config/fish/config.fish', line: 'set -gx PATH $HOME/x $PATH\n', more: {} },
    { shell: 'tcsh', file: '.login', line: 'setenv PATH $HOME/x:$PATH\n', more: {} },
    { shell: 'dash', file: '.profile', line: 'PATH=$HOME/x:$PATH\n', more: {} },
  ])('has the PATH that $shell gives in a terminal', async ({ shell, file, line, more }) => {
    expect(await pathWith(shell, { [file]: `echo noise\n${line}echo more\n`, ...more })).toMatch(/^~\/x:\//);
  });

  it('has what there is without a terminal where that ends the shell', async () => {
    const profile = 'PATH=$HOME/x:$PATH\ncase $- in *i*) exit 1 ;; esac\n';
    expect(await pathWith('bash', { '.bash_profile': profile })).toMatch(/^~\/x:\//);
  });

  it('does not wait for what start-up files leave running', async () => {
    const from = performance.now();
    expect(await pathWith('bash', { '.bash_profile': 'PATH=$HOME/x:$PATH\nsleep 30 &\n' })).toMatch(
      /^~\/x:\//,
    );
    expect(performance.now() - from).toBeLessThan(5500);
  });

  it('has the given one where the start-up files fail', async () => {
    expect(await pathWith('bash', { '.bash_profile': 'exit 1\n' })).toBe('/usr/bin:/bin');
  });
});
