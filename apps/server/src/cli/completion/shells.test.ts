import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ServedFarhand, serveFarhand } from '../../mcp-server/testing/served-farhand.ts';

const TAB = '\t';
const PROMPT = 'next-> ';

/** How each shell is started bare, loads our script, and shows the prompt that is waited for. */
const SHELLS = {
  bash: {
    start: 'bash --norc --noprofile -i',
    load: [`PS1='${PROMPT}'`, 'eval "$(farhand completion bash)"'],
  },
  zsh: {
    start: 'zsh -f -i',
    load: [
      'unsetopt prompt_cr prompt_sp',
      `PS1='${PROMPT}'`,
      'autoload -Uz compinit && compinit -u -D',
      'eval "$(farhand completion zsh)"',
    ],
  },
  fish: {
    start: 'fish --no-config -i',
    load: ['farhand completion fish | source', `function fish_prompt; printf '${PROMPT}'; end`],
  },
} as const;

/** Keys are pressed at a shell on a terminal of its own. Programs from their sources take seconds to start. */
describe('completion', { timeout: 120_000 }, () => {
  let farhand: ServedFarhand;
  let folder: string;

  beforeAll(async () => {
    farhand = await serveFarhand(() => []);
    folder = mkdtempSync(join(tmpdir(), 'farhand-shells-'));
    const { command, args, cwd } = farhand.program;
    const own = [command, ...args].map((word) => `'${word}'`).join(' ');
    // What is completed is run, and tells what it was given.
    writeFileSync(
      join(folder, 'farhand'),
      `#!/bin/sh\ncase $1 in\n_complete|completion) cd '${cwd}' && exec ${own} "$@" ;;\nesac\necho "[ran $*]"\n`,
    );
    chmodSync(join(folder, 'farhand'), 0o755);
  }, 90_000);
  afterAll(async () => {
    await farhand?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function openShell(name: keyof typeof SHELLS) {
    const { start, load } = SHELLS[name];
    const { env } = farhand.program;
    const child = spawn('script', ['-qefc', start, '/dev/null'], {
      cwd: folder,
      env: { ...env, HOME: folder, TERM: 'xterm', PATH: `${folder}${delimiter}${env.PATH}` },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const press = (keys: string) => void child.stdin.write(keys);
    const until = (what: string) =>
      vi.waitFor(() => expect(text).toContain(what), { timeout: 60_000, interval: 50 });
    return {
      press,
      until,
      async ready() {
        for (const line of load) press(`${line}\r`);
        press('farhand rea""dy\r');
        await until('[ran ready]');
      },
      async close() {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      },
    };
  }

  it.each(['bash', 'zsh', 'fish'] as const)(
    'in %s is of commands, options and names of hosts, and lists what there is',
    async (name) => {
      const shell = openShell(name);
      try {
        await shell.ready();
        shell.press(`farhand host doc${TAB}`);
        await shell.until('doctor');
        shell.press('\r');
        await shell.until('[ran host doctor');
        shell.press(`farhand run --ho${TAB}far${TAB}x\r`);
        await shell.until(`[ran run --host ${farhand.sshd.alias} x]`);
        shell.press(`farhand host test ${farhand.sshd.alias.slice(0, 4)}${TAB}y\r`);
        await shell.until(`[ran host test ${farhand.sshd.alias} y]`);
        // All that may follow, once nothing more is certain.
        shell.press(`farhand sudo ${TAB}${TAB}`);
        await shell.until('drift');
        await shell.until('plan');
      } finally {
        await shell.close();
      }
    },
  );
});
