import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import type { PolicyRule } from '@farhand/shared/model/policy';
import type { ExecResult, Runtime } from '@farhand/shared/runtime/port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import { wrapRuntime } from '../../runtimes/wrapped-runtime.ts';
import { createSudo } from '../../sudo/sudo.ts';
import { runCommand } from '../testing/run-command.ts';

let folder: string;
let door: FrontDoor;
let runtime: Runtime;
let rules: PolicyRule[];
/** What `sudo -ll` prints there; null where it wants a password. */
let listed: string | null;

const allow = (name: string, ...match: string[]): PolicyRule => ({
  name,
  effect: 'allow',
  match,
  paths: [],
  cwd: [],
  host: [],
  user: [],
  agent: [],
  reason: null,
});
const answer = (stdout: string, stderr: string): ExecResult => ({
  outcome: { kind: 'exited', code: stderr === '' ? 0 : 1 },
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
});
const entry = (command: string) => `
Sudoers entry: /etc/sudoers.d/farhand
    RunAsUsers: root
    Options: !authenticate
    Commands:
\t${command}
`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
  rules = [allow('look', 'sudo id -u'), allow('any', 'sudo ls *')];
  listed = null;
  const local = createLocalRuntime({ environment: { PATH: process.env.PATH } });
  // What the machine of the test allows by sudo is not for a test to say; all else is real, visudo too.
  runtime = wrapRuntime(local, {
    exec: (command, options) =>
      'script' in command && command.script.includes('exec sudo -n')
        ? Promise.resolve(listed === null ? answer('', 'sudo: a password is required') : answer(listed, ''))
        : local.exec(command, options),
  });
  const runtimes = { for: () => runtime, all: () => [runtime], close: async () => {} };
  const environment = { PATH: process.env.PATH };
  door = await openFrontDoor({
    sudo: createSudo({ runtimes, rules: () => rules, holdsOn: () => true, environment }),
  });
  const token = door.access.cliToken;
  writeRunningServer(join(folder, 'server.json'), { pid: 1, url: door.origin, version: 'test', token });
});
afterEach(async () => {
  await door.close();
  await runtime.close();
  rmSync(folder, { recursive: true });
});

const run = (...argv: string[]) => runCommand(folder, argv, false);

describe('farhand sudo', () => {
  it('plans: the file, its check, what is left out, what is there now, and the command that applies it', async () => {
    const { status, out } = await run('sudo', 'plan', 'local');
    expect(status).toBe(0);
    expect(out).toMatch(/^\/etc\/sudoers\.d\/farhand-\S+:\n/);
    expect(out).toMatch(/NOPASSWD: \/\S+\/id -u\n/);
    expect(out).toContain('Check: valid, says visudo on the host');
    expect(out).toContain('Left out: any, sudo ls *.');
    expect(out).toContain('What sudo allows there now is not known');
    expect(out).toMatch(/run this on the host yourself:\n\nsudo sh -c /);
    listed = entry('/usr/bin/false');
    expect((await run('sudo', 'plan', 'local')).out).toMatch(
      /lists now:\n\+ \(root\) NOPASSWD: \/\S+\/id -u\n- \(root\) NOPASSWD: \/usr\/bin\/false/,
    );
  });

  it('prints the file or the command alone, for a pipe', async () => {
    const { plan } = JSON.parse((await run('sudo', 'plan', 'local', '--json')).out);
    expect((await run('sudo', 'plan', 'local', '--text')).out).toBe(plan.text);
    expect((await run('sudo', 'plan', 'local', '--apply')).out).toBe(`${plan.apply}\n`);
    rules = [];
    const nothing = await run('sudo', 'plan', 'local');
    expect(nothing.out).toContain('by sudo there.');
    expect(nothing.out).toContain('sudo rm -f /etc/sudoers.d/farhand-');
    expect((await run('sudo', 'plan', '--', '-x')).err).toContain('is not a host name');
  });

  it('tells drift by its status', async () => {
    expect(await run('sudo', 'drift', 'local')).toMatchObject({
      status: 1,
      out: expect.stringContaining('wants a password'),
    });
    listed = entry('/usr/bin/false');
    const { status, out } = await run('sudo', 'drift', 'local');
    expect([status, out]).toEqual([
      1,
      expect.stringMatching(/^\+ \(root\) \S+\/id -u\n- \(root\) \/usr\/bin\/false\n$/),
    ]);
    const { drift } = JSON.parse((await run('sudo', 'drift', 'local', '--json')).out);
    listed = entry(drift.missing[0].command);
    expect(await run('sudo', 'drift', 'local')).toEqual({
      status: 0,
      out: 'The host allows what the rules say.\n',
      err: '',
    });
  });
});
