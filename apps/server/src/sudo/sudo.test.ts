import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import type { PolicyRule } from '@farhand/shared/model/policy';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wrapRuntime } from '../runtimes/wrapped-runtime.ts';
import { createSudo, type Sudo } from './sudo.ts';
import { readSudoList } from './sudo-list.ts';
import { applyCommand, commandOf, sudoersPath, sudoersText } from './sudoers.ts';

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

function sudoOn(runtime: Runtime, rules: () => readonly PolicyRule[]): Sudo {
  const runtimes = { for: () => runtime, all: () => [runtime], close: async () => {} };
  return createSudo({ runtimes, rules, holdsOn: () => true, environment: { PATH: process.env.PATH } });
}

describe('a file of sudoers', () => {
  it('names each rule and says “without arguments” where there are none', () => {
    const text = sudoersText('ada', [
      {
        rule: 'restart\nada ALL=(ALL) ALL',
        runAs: 'root',
        command: commandOf('/bin/systemctl', ['restart', 'a=b']),
      },
      { rule: 'look', runAs: 'www', command: commandOf('/bin/id', []) },
    ]);
    expect(text.split('\n').slice(1)).toEqual([
      '# restart ada ALL  ALL  ALL',
      'ada ALL=(root) NOPASSWD: /bin/systemctl restart a\\=b',
      '# look',
      'ada ALL=(www) NOPASSWD: /bin/id ""',
      '',
    ]);
    expect(sudoersText('ada', [])).toBe('');
    expect(sudoersPath('a.b/../c')).toBe('/etc/sudoers.d/farhand-a_b____c');
    expect(applyCommand('/etc/sudoers.d/farhand-ada', '')).toBe('sudo rm -f /etc/sudoers.d/farhand-ada');
  });

  it('is taken by visudo', async () => {
    const runtime = createLocalRuntime({ environment: { PATH: process.env.PATH } });
    const sudo = sudoOn(runtime, () => [allow('look', 'sudo id -u', 'sudo ls', 'sudo env A=b:c,d')]);
    const { check, entries, text } = await sudo.plan('local' as HostId);
    expect(check).toMatchObject({ isValid: true });
    expect(entries.map(({ command }) => command)).toEqual([
      expect.stringMatching(/^\/\S+\/id -u$/),
      expect.stringMatching(/^\/\S+\/ls ""$/),
      expect.stringMatching(/^\/\S+\/env A=b:c,d$/),
    ]);
    expect(text).toContain('A\\=b\\:c\\,d');
    await runtime.close();
  });

  it('leaves out a program that the host does not have', async () => {
    const runtime = createLocalRuntime({ environment: { PATH: process.env.PATH } });
    const sudo = sudoOn(runtime, () => [allow('x', 'sudo no-such-program-here', 'sudo /opt/nowhere/x')]);
    const { text, left, check } = await sudo.plan('local' as HostId);
    expect([text, check, left.map(({ pattern }) => pattern)]).toEqual([
      '',
      null,
      ['no-such-program-here', '/opt/nowhere/x'],
    ]);
    await runtime.close();
  });
});

// What the host says of itself stands in what a person pastes into a shell.
it.each(['ALL', '%sudo', 'x\rEND_OF_SUDOERS\rid\r', 'x ALL=(ALL) NOPASSWD: ALL #', '#0', 'ADMINS', ''])(
  'a host whose user calls itself %j gets no file of sudoers',
  async (user) => {
    const local = createLocalRuntime({ environment: { PATH: process.env.PATH } });
    const facts = { ...(await local.facts()), user };
    const lying = wrapRuntime(local, {});
    const runtime = new Proxy(lying, {
      get: (target, name) => (name === 'facts' ? async () => facts : Reflect.get(target, name)),
    });
    await expect(
      sudoOn(runtime, () => [allow('look', 'sudo id -u')]).plan('local' as HostId),
    ).rejects.toMatchObject({
      code: 'host.shell_unusable',
    });
    await local.close();
  },
);

describe('what sudo lists', () => {
  it('is read with its passwords, and nothing else of it', () => {
    const text = [
      'Matching Defaults entries for ada on box:',
      '    env_reset, secure_path=/usr/sbin\\:/usr/bin',
      '',
      'User ada may run the following commands on box:',
      '',
      'Sudoers entry:',
      '    RunAsUsers: root',
      '    Options: !authenticate',
      '    Commands:',
      '\t/usr/bin/systemctl restart a\\=b',
      '\t/usr/bin/true ""',
      '',
      'Sudoers entry: /etc/sudoers',
      '    RunAsUsers: ALL',
      '    RunAsGroups: ALL',
      '    Commands:',
      '\tALL',
    ].join('\n');
    expect(readSudoList(text)).toEqual([
      { runAs: 'root', command: '/usr/bin/systemctl restart a=b', isFree: true },
      { runAs: 'root', command: '/usr/bin/true ""', isFree: true },
      { runAs: 'ALL', command: 'ALL', isFree: false },
    ]);
    expect(readSudoList('\u0000\tX\n\t/bin/evil')).toEqual([]);
  });
});

// It writes one file to /etc/sudoers.d, of a user that is there for this test alone.
const describeAsRoot = process.getuid?.() === 0 ? describe : undefined;
describeAsRoot?.('sudo on a host', { timeout: 60_000 }, () => {
  const user = `fhsudo${process.pid % 10_000}`;
  const path = sudoersPath(user);
  let sshd: TestSshd;
  let runtime: Runtime;
  let rules: PolicyRule[] = [];
  let sudo: Sudo;
  const hostId = () => sshd.alias as HostId;

  beforeAll(async () => {
    sshd = await startSshd({ asUser: user });
    runtime = createSshRuntime({ hostId: hostId(), sshConfigPath: sshd.sshConfigPath });
    sudo = sudoOn(runtime, () => rules);
  });
  afterEach(() => rmSync(path, { force: true }));
  afterAll(async () => {
    await runtime.close();
    await sshd.stop();
  });
  const asUser = async (script: string) => {
    const { outcome, stdout } = await runtime.exec({ script });
    return [outcome, new TextDecoder().decode(stdout).trim()];
  };
  /** As the person does it: in a root shell, where sudo asks for nothing. */
  const apply = (command: string) => execFileSync('sh', ['-c', command], { stdio: 'pipe' });

  it('lets run exactly what the rules say once a person applied it', async () => {
    rules = [allow('who', 'sudo id -u', 'sudo true', 'sudo printf %s,a=b:c')];
    const plan = await sudo.plan(hostId());
    expect(plan).toMatchObject({ user, path, check: { isValid: true, by: 'host' }, left: [] });
    // Nothing was changed by looking.
    expect(existsSync(path)).toBe(false);
    expect((await sudo.drift(hostId())).isKnown).toBe(false);
    apply(plan.apply);
    expect(readFileSync(path, 'utf8')).toBe(plan.text);
    expect(await asUser('sudo -n id -u')).toEqual([{ kind: 'exited', code: 0 }, '0']);
    expect(await asUser('sudo -n printf %s,a=b:c')).toEqual([{ kind: 'exited', code: 0 }, ',a=b:c']);
    for (const other of [
      'sudo -n id',
      'sudo -n id -u root',
      'sudo -n true x',
      'sudo -n sh',
      'sudo -n -u nobody id -u',
    ])
      expect((await asUser(other))[0]).not.toEqual({ kind: 'exited', code: 0 });
    expect(await sudo.drift(hostId())).toEqual({ isKnown: true, note: null, missing: [], extra: [] });
  });

  it('tells how the host differs from the rules', async () => {
    rules = [allow('who', 'sudo id -u', 'sudo true')];
    apply((await sudo.plan(hostId())).apply);
    rules = [allow('who', 'sudo id -u', 'sudo id -g')];
    const { missing, extra } = await sudo.drift(hostId());
    expect(missing).toEqual([{ runAs: 'root', command: expect.stringMatching(/\/id -g$/) }]);
    expect(extra).toEqual([{ runAs: 'root', command: expect.stringMatching(/\/true ""$/) }]);
    const { diff } = await sudo.plan(hostId());
    expect(diff).toMatch(/^ {2}\(root\) NOPASSWD: \S+\/id -u\n\+ .*id -g\n- .*true ""$/);
    rules = [];
    apply((await sudo.plan(hostId())).apply);
    expect(existsSync(path)).toBe(false);
  });

  it('puts nothing in place that visudo does not take', () => {
    const broken = applyCommand(path, `${user} ALL=(root NOPASSWD: /bin/ls\n`);
    expect(spawnSync('sh', ['-c', broken], { stdio: 'pipe' }).status).not.toBe(0);
    expect(existsSync(path)).toBe(false);
  });
});
