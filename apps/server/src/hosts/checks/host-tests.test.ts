import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '@farhand/shared/model/audit';
import type { HostTest } from '@farhand/shared/model/host-checks';
import { type HostId, type HostRecord, hostRecord } from '@farhand/shared/model/hosts';
import { freePort, type SshdOptions, startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHostBench } from '../testing/host-bench.ts';

const PAGE: Actor = { kind: 'page', name: null };
const IS_ROOT = userInfo().uid === 0;

let folder: string;
let sshd: TestSshd;
let bench: ReturnType<typeof openHostBench>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-tests-'));
});
afterEach(async () => {
  await bench.close();
  await sshd.stop();
  rmSync(folder, { recursive: true });
});

async function start(options: SshdOptions = {}): Promise<void> {
  sshd = await startSshd(options);
  bench = openHostBench(folder, { sshConfigPath: sshd.sshConfigPath });
}

const record = (part: Partial<HostRecord> = {}): HostRecord =>
  hostRecord.parse({ host: sshd.alias, ...part });

/** The test at its end. `answer` gives what is said to each question; null refuses. */
async function run(
  target: { hostId: HostId } | { record: HostRecord },
  answer: string | null = null,
): Promise<HostTest> {
  const { tests } = bench.hosts;
  let test = tests.start(target, PAGE);
  const answered = new Set<string>();
  while (test.state === 'running') {
    const wait = { after: test.version, waitMs: 30_000, signal: new AbortController().signal };
    test = await tests.get(test.id, wait);
    const { question } = test;
    if (!question || answered.has(question.id)) continue;
    answered.add(question.id);
    tests.answer(test.id, { questionId: question.id, answer });
  }
  return test;
}

const states = ({ steps }: HostTest) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));
const step = ({ steps }: HostTest, name: string) => steps.find((one) => one.name === name);
const OK = { resolve: 'ok', connect: 'ok', host_key: 'ok', authenticate: 'ok', shell: 'ok', git: 'ok' };

/** The login shell's PATH of the host without these programs. */
function hidePrograms(...names: string[]): void {
  const bin = join(sshd.home, 'bin');
  mkdirSync(bin);
  const all = new Map(
    ['/usr/bin', '/bin'].flatMap((place) => readdirSync(place).map((name) => [name, place] as const)),
  );
  for (const [name, place] of all) if (!names.includes(name)) symlinkSync(join(place, name), join(bin, name));
  writeFileSync(join(sshd.home, '.profile'), `PATH=${bin}; export PATH\n`);
}

describe('a test of a host', () => {
  it('goes through every step of saved values, tells times, the name and the command, and leaves nothing', async () => {
    await start();
    bench.hosts.add('prod', record(), PAGE);
    const test = await run({ hostId: 'prod' as HostId });
    expect(states(test)).toMatchObject({ ...OK, write_access: 'ok', agents: 'ok' });
    expect(test.state).toBe('passed');
    for (const { state, timeMs } of test.steps) expect(state === 'skipped' || (timeMs ?? -1) >= 0).toBe(true);
    expect(test.hostname).toBe(execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim());
    expect(test.command).toBe(`ssh -F ${sshd.sshConfigPath} ${sshd.alias}`);
    expect(step(test, 'resolve')?.detail).toBe(`${sshd.user} at 127.0.0.1, port ${sshd.port}`);
    expect(step(test, 'connect')?.detail).toContain(`Port ${sshd.port} answers: SSH-2.0-OpenSSH`);
    expect(step(test, 'host_key')?.detail).toContain('publickey');
    expect(bench.runtimes.all()).toEqual([]);
    expect(readdirSync(join(folder, 'run'))).toEqual([]);
    expect(readdirSync(sshd.home).filter((name) => name.includes('probe'))).toEqual([]);
    expect(bench.audit.entries.at(-1)).toMatchObject({ kind: 'connection', facts: { event: 'tested' } });
  });

  it('takes values that are not saved, and keeps none of them', async () => {
    await start();
    const key = join(sshd.directory, 'user_key');
    // An address has no entry of its own; nothing of the person's who runs the tests may be touched.
    const known = join(sshd.directory, 'known_hosts_of_address');
    const config = readFileSync(sshd.sshConfigPath, 'utf8');
    writeFileSync(
      sshd.sshConfigPath,
      `${config}\nHost 127.0.0.1\n  UserKnownHostsFile ${known}\n  GlobalKnownHostsFile /dev/null\n`,
    );
    const values = { host: '127.0.0.1' as HostId, port: sshd.port, user: sshd.user, identityFile: key };
    const test = await run({ record: record(values) }, 'yes');
    expect(states(test)).toMatchObject(OK);
    expect(test.hostId).toBe(null);
    expect(test.command).toContain(
      `-i ${key} -o IdentitiesOnly=yes -p ${sshd.port} -l ${sshd.user} 127.0.0.1`,
    );
    expect((await bench.hosts.list()).map(({ source }) => source)).toEqual([
      'local',
      'ssh_config',
      'ssh_config',
    ]);
    // What a person trusts is kept, as by ssh itself.
    expect(readFileSync(known, 'utf8')).toContain('ssh-ed25519');
  });

  it('tells a wrong port', async () => {
    await start();
    const port = await freePort();
    const test = await run({ record: record({ port }) });
    expect(states(test)).toMatchObject({
      resolve: 'ok',
      connect: 'failed',
      host_key: 'skipped',
      agents: 'skipped',
    });
    expect(step(test, 'connect')).toMatchObject({
      code: 'host.refused',
      hint: expect.stringContaining('port'),
    });
    expect(test.state).toBe('failed');
  });

  it('tells a name that does not resolve, and one that ssh does not take', async () => {
    await start();
    const test = await run({ record: record({ host: 'no-such-host.invalid' as HostId }) });
    expect(step(test, 'resolve')).toMatchObject({ state: 'failed', code: 'host.unknown' });
    expect(() => bench.hosts.tests.start({ record: record({ host: '$(id)' as HostId }) }, PAGE)).toThrow(
      /ssh takes/,
    );
  });

  it('asks about an unknown key, shows its fingerprint when it is refused, and goes on when it is trusted', async () => {
    await start();
    const known = join(sshd.directory, 'known_hosts');
    writeFileSync(known, '');
    const fingerprint = execFileSync('ssh-keygen', ['-lf', `${sshd.hostKeyPath}.pub`], {
      encoding: 'utf8',
    }).split(' ')[1];
    const refused = await run({ record: record() });
    expect(step(refused, 'host_key')).toMatchObject({
      state: 'failed',
      code: 'host.key_unknown',
      detail: expect.stringContaining(fingerprint ?? 'none'),
      hint: expect.stringContaining('ssh-keygen -lf'),
    });
    expect(states(refused).authenticate).toBe('skipped');
    expect(readFileSync(known, 'utf8')).toBe('');
    const trusted = await run({ record: record() }, 'yes');
    expect(states(trusted)).toMatchObject(OK);
    expect(step(trusted, 'host_key')?.detail).toContain(`Trusted now: ED25519 ${fingerprint}`);
  });

  it('tells a changed key as what it is, and asks nobody', async () => {
    await start();
    const other = join(sshd.directory, 'other');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    const [kind, key] = readFileSync(`${other}.pub`, 'utf8').split(' ');
    writeFileSync(join(sshd.directory, 'known_hosts'), `[127.0.0.1]:${sshd.port} ${kind} ${key}\n`);
    const test = await run({ record: record() }, 'yes');
    expect(step(test, 'host_key')).toMatchObject({ state: 'failed', code: 'host.key_changed' });
    expect(states(test).authenticate).toBe('skipped');
  });

  it('tells a key that the host does not take', async () => {
    await start();
    writeFileSync(join(sshd.directory, 'authorized_keys'), '');
    const test = await run({ record: record() });
    expect(states(test)).toMatchObject({ host_key: 'ok', authenticate: 'failed', shell: 'skipped' });
    expect(step(test, 'authenticate')?.code).toBe('host.auth_failed');
  });

  it('tells a host without git', async () => {
    await start();
    hidePrograms('git');
    const test = await run({ record: record() });
    expect(step(test, 'git')).toMatchObject({ state: 'failed', code: 'host.git_missing' });
    expect(states(test)).toMatchObject({ shell: 'ok', write_access: 'ok' });
  });

  it('ends when it is cancelled, with its connection', async () => {
    await start();
    writeFileSync(join(sshd.directory, 'known_hosts'), '');
    const { tests } = bench.hosts;
    let test = tests.start({ record: record() }, PAGE);
    while (test.question === null)
      test = await tests.get(test.id, {
        after: test.version,
        waitMs: 30_000,
        signal: new AbortController().signal,
      });
    tests.cancel(test.id);
    const ended = await tests.get(test.id, { after: 0, waitMs: 0, signal: new AbortController().signal });
    expect(ended).toMatchObject({ state: 'cancelled', question: null });
    await expect(
      tests.get('nobody', { after: 0, waitMs: 0, signal: new AbortController().signal }),
    ).rejects.toMatchObject({ code: 'host.test_not_found' });
  });
});

describe('a test of the way in a jump host makes', () => {
  it('leaves the socket out, and tells the rest', async () => {
    await start();
    const config = readFileSync(sshd.sshConfigPath, 'utf8');
    writeFileSync(
      sshd.sshConfigPath,
      `${config}\nHost behind\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${sshd.user}\n  ProxyJump ${sshd.alias}\n${config
        .split('\n')
        .filter((line) => /IdentityFile|IdentitiesOnly|KnownHostsFile|IdentityAgent/.test(line))
        .join('\n')}\n`,
    );
    const test = await run({ record: record({ host: 'behind' as HostId }) });
    expect(states(test)).toMatchObject({ ...OK, connect: 'skipped' });
  });
});

// Root writes everywhere: as an ordinary user a folder without write permission is enough.
const options: SshdOptions = IS_ROOT ? { asUser: `fh-w-${process.pid}` } : {};
describe('a test of what may be written', () => {
  it('tells a folder that cannot be written', async () => {
    await start(options);
    const closed = join(sshd.directory, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    const test = await run({ record: record({ directory: closed }) });
    expect(step(test, 'write_access')).toMatchObject({
      state: 'failed',
      code: 'host.home_unwritable',
      detail: expect.stringContaining('Permission denied'),
    });
    expect(readdirSync(closed)).toEqual([]);
  });
});

const describeAsRoot = IS_ROOT ? describe : undefined;
describeAsRoot?.('a test of a small disk', () => {
  it('tells how little is left, and a full one', async () => {
    await start();
    const disk = join(sshd.directory, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    try {
      const little = await run({ record: record({ directory: join(disk, 'new') }) });
      expect(step(little, 'disk')).toMatchObject({
        state: 'failed',
        code: 'disk.full',
        detail: '4 MiB of 4 MiB free',
      });
      expect(states(little).write_access).toBe('ok');
      execFileSync('sh', ['-c', `cat /dev/zero >'${disk}/all' 2>/dev/null || true`]);
      const full = await run({ record: record({ directory: disk }) });
      expect(step(full, 'disk')?.detail).toContain('The disk is full.');
      expect(states(full).write_access).toBe('skipped');
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
