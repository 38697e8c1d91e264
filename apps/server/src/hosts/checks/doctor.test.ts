import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { HostFinding, HostReport } from '@farhand/shared/model/host-checks';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import { type SshdOptions, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHostBench } from '../testing/host-bench.ts';
import { agentSignIns, bubblewrap, clock, disk, git, rootLogin, userNamespaces } from './doctor-there.ts';

const signal = new AbortController().signal;
const find = ({ findings }: HostReport, id: string): HostFinding | undefined =>
  findings.find((one) => one.id === id);

describe('the doctor over ssh', () => {
  let folder: string;
  let sshd: TestSshd;
  let bench: ReturnType<typeof openHostBench>;
  const start = async (options: SshdOptions = {}) => {
    sshd = await startSshd(options);
    bench = openHostBench(folder, { sshConfigPath: sshd.sshConfigPath });
  };
  const examine = () => bench.hosts.doctor(sshd.alias as HostId, signal);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-doctor-'));
  });
  afterEach(async () => {
    await bench.close();
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });

  it('tells every finding once, and what is well', async () => {
    await start();
    const report = await examine();
    expect(report.findings.map(({ id }) => id)).toEqual([
      'key_permissions',
      'known_hosts',
      'password_login',
      'ssh_permissions',
      'root_login',
      'git',
      'bwrap',
      'user_namespaces',
      'ripgrep',
      'agents',
      'disk',
      'clock',
    ]);
    for (const id of ['key_permissions', 'known_hosts', 'password_login', 'ssh_permissions', 'git', 'clock'])
      expect(find(report, id)).toMatchObject({ id, state: 'ok', todo: null });
    expect(find(report, 'root_login')?.state === 'warn').toBe(userInfo().uid === 0);
    for (const { state, todo } of report.findings)
      if (state === 'bad' || state === 'warn') expect(todo).not.toBe(null);
  });

  it('tells open private keys here, and open files of ssh there', async () => {
    await start();
    await bench.hosts.reconnect(sshd.alias as HostId);
    chmodSync(join(sshd.directory, 'user_key'), 0o644);
    mkdirSync(join(sshd.home, '.ssh'), { mode: 0o700 });
    writeFileSync(join(sshd.home, '.ssh', 'authorized_keys'), '');
    chmodSync(join(sshd.home, '.ssh', 'authorized_keys'), 0o666);
    const report = await examine();
    expect(find(report, 'key_permissions')).toMatchObject({
      state: 'bad',
      todo: expect.stringContaining('chmod 600'),
    });
    expect(find(report, 'ssh_permissions')).toMatchObject({
      state: 'bad',
      todo: 'There: chmod 600 ~/.ssh/authorized_keys',
    });
    const key = join(sshd.home, '.ssh', 'id_ed25519');
    writeFileSync(key, readFileSync(join(sshd.directory, 'user_key')));
    chmodSync(key, 0o640);
    expect(find(await examine(), 'ssh_permissions')).toMatchObject({
      state: 'bad',
      seen: expect.stringContaining(key),
    });
  });

  it('asks sshd itself whether it takes passwords', async () => {
    await start({ config: ['PasswordAuthentication yes'] });
    expect(find(await examine(), 'password_login')).toMatchObject({
      state: 'warn',
      seen: expect.stringContaining('password'),
    });
  });

  it('warns of a configuration that would take any key', async () => {
    await start();
    const config = readFileSync(sshd.sshConfigPath, 'utf8');
    writeFileSync(sshd.sshConfigPath, `${config}  StrictHostKeyChecking no\n`);
    expect(find(await examine(), 'known_hosts')?.state).toBe('warn');
  });

  it('looks at this machine too, and refuses a host that is refused', async () => {
    await start();
    const report = await bench.hosts.doctor(LOCAL_HOST, signal);
    expect(find(report, 'git')?.state).toBe('ok');
    expect(find(report, 'known_hosts')).toBe(undefined);
    writeFileSync(join(sshd.directory, 'authorized_keys'), '');
    await expect(examine()).rejects.toMatchObject({ code: 'host.auth_failed' });
  });
});

describe('what the doctor makes of answers', () => {
  const told = (answers: Record<string, string>) => new Map(Object.entries(answers));

  it('says why there is no sandbox, and what to do', () => {
    expect(bubblewrap(told({})).todo).toContain('install bubblewrap');
    const refused = {
      bwrap: 'bubblewrap 0.8.0',
      'bwrap.try': 'bwrap: No permissions to create new namespace',
      'userns.try': 'no',
    };
    expect(bubblewrap(told({ ...refused, 'userns.apparmor': '1' }))).toMatchObject({
      state: 'warn',
      seen: 'bubblewrap 0.8.0 does not work: bwrap: No permissions to create new namespace',
      todo: expect.stringContaining('AppArmor'),
    });
    expect(userNamespaces(told({ ...refused, 'userns.max': '0' })).seen).toContain('max_user_namespaces = 0');
    expect(userNamespaces(told({ ...refused, 'userns.clone': '0' })).todo).toContain(
      'unprivileged_userns_clone=1',
    );
    expect(userNamespaces(told({ ...refused, container: 'yes' })).todo).toContain('container');
    expect(userNamespaces(told({})).state).toBe('unknown');
  });

  it('judges git, root, disks, clocks and sign-ins', () => {
    expect(git(told({ git: '' })).state).toBe('bad');
    expect(git(told({ git: 'git version 2.17.1' })).state).toBe('bad');
    expect(git(told({ git: 'git version 2.20.0' })).state).toBe('ok');
    expect(rootLogin(told({ uid: '0' })).state).toBe('warn');
    expect(rootLogin(told({ uid: '1000', root_login: 'yes' })).state).toBe('warn');
    expect(rootLogin(told({ uid: '1000', root_login: 'no' })).state).toBe('ok');
    expect(rootLogin(told({ uid: '1000', root_login: '' })).state).toBe('unknown');
    expect(disk(told({ write: 'ok', disk: '2000000 9000000', folder: '/w' })).state).toBe('ok');
    expect(disk(told({ write: 'ok', disk: '900000 9000000', folder: '/w' })).state).toBe('warn');
    expect(disk(told({ write: 'ok', disk: '9000 9000000', folder: '/w' })).state).toBe('bad');
    expect(disk(told({ write: 'cannot create: Read-only file system', folder: '/w' })).state).toBe('bad');
    expect(disk(told({ write: 'ok', disk: '' })).state).toBe('unknown');
    expect(clock(told({ now: '1000.5' }), 1_000_400, 1_000_700)).toMatchObject({ state: 'ok' });
    expect(clock(told({ now: '1100' }), 1_000_000, 1_000_500)).toMatchObject({
      state: 'warn',
      seen: 'It is 100 s ahead.',
    });
    expect(clock(told({ now: '1000.N' }), 9_000_000, 9_000_500)).toMatchObject({
      state: 'bad',
      seen: expect.stringContaining('behind'),
    });
    expect(clock(told({ now: 'soon' }), 0, 1).state).toBe('unknown');
    expect(agentSignIns(told({ 'agent.codex': 'no', 'agent.claude': 'yes' }))).toMatchObject({
      state: 'warn',
      seen: 'No sign-in was found of Codex.',
    });
    expect(agentSignIns(told({ 'agent.claude': 'yes' })).state).toBe('ok');
  });
});
