import { describe, expect, it } from 'vitest';
import { answerOf, jobOutput, oddHost, pathOf } from './odd-host.ts';

// As Debian gives it to every new account; then what an installer of nvm adds below it.
const DEBIAN_BASHRC = `case $- in
    *i*) ;;
      *) return;;
esac
`;
const DEBIAN_PROFILE = `if [ -n "$BASH_VERSION" ]; then
    if [ -f "$HOME/.bashrc" ]; then . "$HOME/.bashrc"; fi
fi
if [ -d "$HOME/.local/bin" ]; then PATH="$HOME/.local/bin:$PATH"; fi
`;
const TOOL = '#!/bin/sh\necho "tool, $1"\n';
const TOOL_PATH = 'export PATH="$HOME/tools:$PATH"\n';
const asBash = { environment: { SHELL: pathOf('bash') } };

describe('a host with start-up files', () => {
  it('gives the PATH of a terminal: below the guard of ~/.bashrc, and ~/.local/bin', async () => {
    const { runtime } = await oddHost({
      ...asBash,
      files: {
        '.profile': DEBIAN_PROFILE,
        '.bashrc': `${DEBIAN_BASHRC}export NVM_DIR="$HOME/.nvm"\nexport PATH="$NVM_DIR/bin:$PATH"\numask 027\n`,
        '.nvm/bin/agent': TOOL,
        '.local/bin/helper': TOOL,
      },
    });
    expect(await answerOf(runtime, 'agent 1; helper 2; umask')).toBe('tool, 1\ntool, 2\n0027\n');
    expect(await jobOutput(runtime, 'agent 3; echo "${NVM_DIR##*/}"')).toBe('tool, 3\n.nvm\n');
    expect(await jobOutput(runtime, 'agent 4', { terminal: { rows: 9, cols: 9 } })).toBe('tool, 4\r\n');
  });

  it('shows nothing of what they print, on both streams, with and without a last newline', async () => {
    const noise = 'echo "welcome"; echo "beware" >&2; printf "no end"; printf "none here" >&2\n';
    const files = {
      '.bash_profile': `${noise}. ~/.bashrc\n${noise}`,
      '.bashrc': `${noise}${TOOL_PATH}${noise}`,
      'tools/tool': TOOL,
    };
    const { runtime } = await oddHost({ ...asBash, files });
    expect(await answerOf(runtime, 'tool a')).toBe('tool, a\n');
    expect(await jobOutput(runtime, 'tool b')).toBe('tool, b\n');
  });

  it('waits for files that take a second, once', async () => {
    const files = { '.bash_profile': `sleep 1; echo x >>$HOME/read\n${TOOL_PATH}`, 'tools/tool': TOOL };
    const { runtime } = await oddHost({ ...asBash, files });
    const texts = await Promise.all(
      Array.from({ length: 8 }, (_, index) => answerOf(runtime, `tool ${index}`)),
    );
    expect(texts).toEqual(Array.from({ length: 8 }, (_, index) => `tool, ${index}\n`));
    expect(await answerOf(runtime, 'cat ~/read')).toBe('x\n');
  });

  it.each([
    { name: 'fail', content: 'exit 1\n' },
    { name: 'end by an error of syntax', content: 'if then fi (\n' },
    { name: 'stop the shell at its first error', content: 'set -e\nfalse\n' },
    { name: 'ask a question', content: 'read -r answer\nread -p "Which? " more\n' },
  ])('runs commands where they $name', async ({ content }) => {
    const { runtime } = await oddHost({
      ...asBash,
      files: { '.bash_profile': `${TOOL_PATH}${content}`, 'tools/tool': TOOL },
    });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
    expect(await jobOutput(runtime, 'echo well')).toBe('well\n');
  });

  it('takes the environment of the shell that they put in their place', async () => {
    const { runtime } = await oddHost({
      ...asBash,
      files: {
        '.bash_profile': 'case $- in *i*) exec fish;; esac\n',
        '.config/fish/config.fish': 'set -gx PATH $HOME/tools $PATH\n',
        'tools/tool': TOOL,
      },
    });
    expect(await answerOf(runtime, 'tool x')).toBe('tool, x\n');
  });

  it('runs commands though every bash becomes a zsh', async () => {
    const { runtime } = await oddHost({ ...asBash, files: { '.bashrc': 'exec zsh\n', '.zshrc': TOOL_PATH } });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
  });

  it('gives up files that never end, and runs commands without them', async () => {
    const { runtime } = await oddHost({ ...asBash, files: { '.bash_profile': 'sleep 600\n' } });
    expect(await answerOf(runtime, 'echo fine')).toBe('fine\n');
  });

  it('does not wait for what they leave in the background', async () => {
    const files = { '.bash_profile': `sleep 600 &\n${TOOL_PATH}`, 'tools/tool': TOOL };
    const { runtime } = await oddHost({ ...asBash, files });
    const from = performance.now();
    expect(await answerOf(runtime, 'tool x')).toBe('tool, x\n');
    expect(performance.now() - from).toBeLessThan(6000);
  });

  it('runs commands where the PATH they leave holds nothing', async () => {
    const { runtime } = await oddHost({ ...asBash, files: { '.bash_profile': 'export PATH=/nowhere::\n' } });
    expect(await answerOf(runtime, 'mkdir here && ls -d here')).toBe('here\n');
    expect(await jobOutput(runtime, 'echo well')).toBe('well\n');
  });

  it('is not led astray by aliases, options, hooks and variables of the person', async () => {
    const { runtime, sshd } = await oddHost({
      ...asBash,
      files: {
        '.bashrc': `alias ls=false rm='rm -i' cat=false echo=false sh=false exec=false cd=false
set -o noclobber -o nounset
PROMPT_COMMAND='echo prompt' PS1='$(echo ps)'
trap 'echo trapped' EXIT
export PROMPT_COMMAND CDPATH=/tmp:/ LANG=xx_XX.UTF-9 LC_ALL=tr_TR.UTF-8 GREP_OPTIONS=-v
export BASH_ENV=$HOME/noise ENV=$HOME/noise SHELLOPTS
export a=1 n=2 i=3 p=4 L=5 W=6 line=7 d=8 s=9 segment=10 status=11
export TWO_LINES='one
two "\\\\\\'"'"' \`x\` $y' EMPTY=
umask 0
`,
        '.bash_profile': '. ~/.bashrc\n',
        noise: 'echo noise\n',
      },
    });
    const names = '$a $n $i $p $L $W $line $d $s $segment $status';
    expect(await answerOf(runtime, `echo "${names}"`)).toBe('1 2 3 4 5 6 7 8 9 10 11\n');
    expect(await answerOf(runtime, 'printf "%s" "$TWO_LINES"')).toContain('one\ntwo "');
    expect(await answerOf(runtime, 'mkdir -p tmp && cd tmp && pwd')).toBe(`${sshd.home}/tmp\n`);
    await runtime.files.write(`${sshd.home}/f`, Buffer.from('one'));
    await runtime.files.write(`${sshd.home}/f`, Buffer.from('two'));
    expect(await answerOf(runtime, 'cat f; ls f; rm f; umask')).toBe('twof\n0000\n');
  });

  it('finds the login shell where SHELL is not set', async () => {
    const files = Object.fromEntries(
      ['.profile', '.zprofile', '.config/fish/conf.d/tool.fish'].map((name) => [name, TOOL_PATH]),
    );
    const { runtime } = await oddHost({
      environment: { SHELL: '' },
      files: { ...files, 'tools/tool': TOOL },
    });
    expect(await answerOf(runtime, 'tool x; [ -x "$SHELL" ] && echo there')).toBe('tool, x\nthere\n');
  });

  it('keeps values that a start-up file exports out of argument lists', async () => {
    const { runtime } = await oddHost({
      ...asBash,
      files: { '.bash_profile': 'export CANARY=kingfisher-9034\n' },
    });
    expect(
      await answerOf(
        runtime,
        'echo "${#CANARY}"; cat /proc/[0-9]*/cmdline 2>/dev/null >all; grep -c -a kingfish"er-9034" all || :',
      ),
    ).toBe('15\n0\n');
  });
});
