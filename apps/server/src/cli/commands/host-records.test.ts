import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { resolvePaths } from '../../config/paths.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import { openHostBench } from '../../hosts/testing/host-bench.ts';
import type { Workspaces } from '../../workspaces/workspaces.ts';
import { runProgram } from '../program.ts';

let folder: string;
let sshd: TestSshd;
let bench: ReturnType<typeof openHostBench>;
let door: FrontDoor;
let workspaces: Workspace[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
  sshd = await startSshd();
  bench = openHostBench(folder, { sshConfigPath: sshd.sshConfigPath });
  workspaces = [];
  door = await openFrontDoor({
    hosts: bench.hosts,
    workspaces: { list: () => workspaces } as unknown as Workspaces,
  });
  const token = door.access.cliToken;
  writeRunningServer(join(folder, 'server.json'), { pid: 1, url: door.origin, version: 'test', token });
});
afterEach(async () => {
  await door.close();
  await bench.close();
  await sshd.stop();
  rmSync(folder, { recursive: true });
});

async function run(words: string, { lines = [] as (string | null)[], isInteractive = true } = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const typed = [...lines];
  const status = await runProgram(words.split(' '), {
    streams: {
      out: { write: (text) => out.push(String(text)) > 0 },
      err: { write: (text) => err.push(String(text)) > 0 },
    },
    isInteractive,
    hasDisplay: false,
    paths: resolvePaths({ FARHAND_HOME: folder }, '/'),
    startServer: () => Promise.reject(new Error('not part of this test')),
    untilStopped: () => Promise.resolve(),
    ask: () => Promise.resolve(typed.shift() ?? null),
    openBrowser: () => {},
    versionOf: () => Promise.resolve(null),
  });
  return { status, out: out.join(''), err: err.join('') };
}
const json = async (words: string) => JSON.parse((await run(`${words} --json`)).out);

describe('farhand host, of records', () => {
  it('adds, shows, changes, disables and removes a host', async () => {
    const added = await run(
      `host add prod ${sshd.alias} --port 2200 --user ada --env A=1=2 --label eu --label big`,
    );
    expect(added).toMatchObject({ status: 0, out: expect.stringContaining('Added prod') });
    const { host } = (await json('host show prod')) as { host: Host };
    expect(host.record).toMatchObject({
      host: sshd.alias,
      port: 2200,
      user: 'ada',
      environment: { A: '1=2' },
      labels: ['eu', 'big'],
    });
    expect((await run('host show prod')).out).toMatch(/labels +eu, big/);
    expect((await run(`host change prod --port ${sshd.port} --user ${sshd.user}`)).status).toBe(0);
    expect(bench.hosts.record('prod' as HostId)).toMatchObject({ port: sshd.port, labels: ['eu', 'big'] });
    expect((await run('host disable prod')).out).toBe('prod is disabled\n');
    expect((await run('host list')).out).toMatch(/prod +master +refused: The host prod is disabled/);
    expect((await run('host enable prod')).out).toBe('prod is enabled\n');
    expect((await run('host remove prod')).out).toBe('Removed prod\n');
    expect((await run('host show prod')).err).toContain('No host is called prod');
    expect((await run('host add -x')).status).toBe(1);
    expect((await run('host add prod --port 70000')).status).toBe(1);
    expect((await json('host add local')).error.code).toBe('request.invalid');
  });

  it('asks before workspaces lose their host', async () => {
    await run(`host add prod ${sshd.alias}`);
    workspaces = [{ id: newId('workspace'), hostId: 'prod' } as unknown as Workspace];
    expect((await run('host remove prod', { lines: ['no'] })).err).toContain('Nothing was changed');
    expect((await run('host remove prod', { isInteractive: false })).err).toContain('--yes');
    expect(bench.hosts.record('prod' as HostId)).not.toBe(null);
    expect((await run('host remove prod', { lines: ['yes'] })).status).toBe(0);
    expect(bench.hosts.record('prod' as HostId)).toBe(null);
  });

  it('sets and clears the default host, and tells which it is', async () => {
    expect((await run('host default')).out).toBe('The default host is this machine (local).\n');
    expect((await run('host default nowhere')).err).toContain('nowhere');
    await run(`host add prod ${sshd.alias}`);
    expect((await run('host default prod')).out).toBe('The default host is prod.\n');
    expect((await run('host list')).out).toMatch(/prod +default +master/);
    expect(bench.hosts.resolve(null)).toBe('prod');
    expect((await json('host default --clear')).default).toBe('local');
  });

  it('imports aliases, the list first', async () => {
    const dry = await run('host import --dry-run');
    expect(dry.out).toMatch(new RegExp(`${sshd.alias} +new +${sshd.user}@127.0.0.1:${sshd.port}`));
    expect((await run('host import', { lines: ['no'] })).status).toBe(1);
    expect(bench.hosts.record(sshd.alias as HostId)).toBe(null);
    expect((await run('host import --yes')).out).toBe(`Added ${sshd.alias}\n`);
    expect((await json('host import --yes')).hosts[0].state).toBe('exists');
  });
});

describe('farhand host with what it cannot take', () => {
  it('says what is wrong, by the words of the command line', async () => {
    expect((await run('host add a,b')).err).toContain('a name begins with a letter or digit');
    expect((await run('host add prod x --directory work')).err).toContain(
      'The directory must be a path that begins with / or ~/.',
    );
    expect((await run('host add prod x --identity-file key')).err).toContain('The identity file must be');
    await run(`host add prod ${sshd.alias}`);
    expect((await run('host default prod --clear')).err).toContain('not both');
    expect(await run('host import nobody --yes')).toMatchObject({ status: 1 });
  });

  it('tells a mistake in the file once, and where to mend it', async () => {
    writeFileSync(join(folder, 'config.toml'), '[hosts.lab]\nhost = "x"\nport = 0\n');
    await vi.waitFor(async () => expect((await run('host list')).out).toContain('lab'));
    const list = (await run('host list')).out;
    expect(list.match(/must be a number from 1 to 65535/g)).toHaveLength(1);
    expect((await run('host change lab --port 22')).err).toContain('Mend it in config.toml.');
  });

  it('says so when the default host is removed', async () => {
    await run(`host add prod ${sshd.alias}`);
    await run('host default prod');
    expect((await run('host remove prod')).out).toContain('It was the default host: set another one');
  });
});

describe('farhand host test and doctor', () => {
  it('tells each step, the host’s own name and the command by hand, and ends with 0', async () => {
    const ran = await run(`host test ${sshd.alias}`);
    expect(ran.out).toMatch(/authenticate +ok +\d+ ms +Signed in as/);
    expect(ran.out).toContain(`By hand: ssh -F ${sshd.sshConfigPath} ${sshd.alias}`);
    expect(ran.status).toBe(0);
  });

  it('ends with 1 where a step fails, and trusts no key where nobody can be asked', async () => {
    writeFileSync(join(sshd.directory, 'known_hosts'), '');
    const ran = await run(`host test --host ${sshd.alias}`, { isInteractive: false });
    expect(ran).toMatchObject({ status: 1, err: '' });
    expect(ran.out).toMatch(/host_key +failed +.*The key is not known: ED25519 SHA256:/);
    expect((await run(`host test --host ${sshd.alias}`, { lines: ['yes'] })).status).toBe(0);
    expect((await run('host test')).status).toBe(1);
    const mixed = await run(`host test ${sshd.alias} --port 1`);
    expect(mixed).toMatchObject({ status: 1, out: '' });
    expect(mixed.err).toContain('say --host in place of its name');
  });

  it('prints the findings, and ends with 1 where something is bad', async () => {
    const { report } = await json(`host doctor ${sshd.alias}`);
    expect(report.findings.map(({ id }: { id: string }) => id)).toContain('known_hosts');
    writeFileSync(join(sshd.home, '.gitconfig'), '');
    expect((await run(`host doctor ${sshd.alias}`)).out).toMatch(/ok +git +git \d/);
    writeFileSync(join(sshd.home, '.profile'), 'PATH=/nowhere\n');
    const { chmodSync } = await import('node:fs');
    chmodSync(sshd.home, 0o777);
    const bad = await run(`host doctor ${sshd.alias} --json`);
    expect(bad.status).toBe(1);
    expect((await run('host doctor no-such-host.invalid')).err).toContain('no-such-host.invalid');
  });
});
