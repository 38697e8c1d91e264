import { describe, expect, it } from 'vitest';
import { answerOf, IS_ROOT, jobOutput, newUser, oddHost, pathOf } from './odd-host.ts';

const SHELLS = [
  { shell: 'fish', file: '.config/fish/config.fish', line: 'set -gx PATH $HOME/tools/bin $PATH' },
  { shell: 'zsh', file: '.zprofile', line: 'export PATH=$HOME/tools/bin:$PATH' },
  { shell: 'zsh', file: '.zshrc', line: 'export PATH=$HOME/tools/bin:$PATH' },
  { shell: 'tcsh', file: '.login', line: 'setenv PATH $HOME/tools/bin:$PATH' },
  { shell: 'tcsh', file: '.tcshrc', line: 'setenv PATH $HOME/tools/bin:$PATH' },
  { shell: 'dash', file: '.profile', line: 'export PATH=$HOME/tools/bin:$PATH' },
  { shell: 'mksh', file: '.profile', line: 'export PATH=$HOME/tools/bin:$PATH' },
  { shell: 'bash', file: '.bash_profile', line: 'export PATH=$HOME/tools/bin:$PATH' },
];
const TOOL = '#!/bin/sh\nprintf "tool, %s\\n" "$1"\n';
// Through all that passes between a person and a program.
const AWKWARD = `it's "$HOME" \\n %s !!`;

/** As a user of that login shell where we may make one; otherwise as us, with it as SHELL. */
function accountWith(shell: string) {
  const path = pathOf(shell);
  return IS_ROOT ? { asUser: newUser(), shell: path } : { environment: { SHELL: path } };
}

describe.each(SHELLS)('a host whose login shell is $shell', ({ shell, file, line }) => {
  it(`runs commands, jobs and terminals with the PATH of ${file}`, async () => {
    const { runtime, sshd } = await oddHost({
      ...accountWith(shell),
      files: { [file]: `${line}\n`, 'tools/bin/tool': TOOL },
    });
    expect(await answerOf(runtime, 'tool one; echo "$SHELL"')).toBe(`tool, one\n${pathOf(shell)}\n`);
    const { stdout } = await runtime.exec({ argv: ['tool', AWKWARD] });
    expect(Buffer.from(stdout).toString()).toBe(`tool, ${AWKWARD}\n`);
    expect(await jobOutput(runtime, 'tool two')).toBe('tool, two\n');
    expect(await jobOutput(runtime, 'tool three', { terminal: { rows: 24, cols: 80 } })).toBe(
      'tool, three\r\n',
    );
    await runtime.files.write(`${sshd.home}/file`, Buffer.from('x'));
    expect(await answerOf(runtime, 'cat file')).toBe('x');
  });
});
