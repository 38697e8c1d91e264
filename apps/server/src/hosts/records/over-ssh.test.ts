import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '@farhand/shared/model/audit';
import { type HostId, type HostRecord, hostRecord } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withHostEnvironment } from '../host-environment.ts';
import { openHostBench } from '../testing/host-bench.ts';

const PAGE: Actor = { kind: 'page', name: null };
const PROD = 'prod' as HostId;

let folder: string;
let first: TestSshd;
let second: TestSshd;
let bench: ReturnType<typeof openHostBench>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-records-'));
  [first, second] = await Promise.all([startSshd(), startSshd()]);
  // One configuration for both: the second host as `other`.
  const config = join(folder, 'ssh_config');
  const other = readFileSync(second.sshConfigPath, 'utf8').replace(second.alias, 'other');
  writeFileSync(
    config,
    `${readFileSync(first.sshConfigPath, 'utf8')}\n${other}\nHost prod\n  HostName 127.0.0.9\n`,
  );
  bench = openHostBench(folder, { sshConfigPath: config });
});
afterEach(async () => {
  await bench.close();
  await Promise.all([first.stop(), second.stop()]);
  rmSync(folder, { recursive: true });
});

const record = (part: Partial<HostRecord> = {}): HostRecord =>
  hostRecord.parse({ host: first.alias, ...part });
const homeOf = async (runtime: Runtime) => (await runtime.facts()).home;

describe('a record over ssh', () => {
  it('wins over an alias of the same name, and leads elsewhere at once when it is changed', async () => {
    const { hosts, runtimes } = bench;
    hosts.add('prod', record(), PAGE);
    const runtime = runtimes.for(PROD);
    await hosts.reconnect(PROD);
    expect(await homeOf(runtime)).toBe(first.home);
    hosts.change('prod', record({ host: 'other' as HostId }), PAGE);
    // The same runtime: who holds it is led to the new place, with the very next command.
    const { stdout } = await runtime.exec({ argv: ['printenv', 'HOME'] });
    expect(Buffer.from(stdout).toString().trim()).toBe(second.home);
    expect(await homeOf(runtime)).toBe(second.home);
    hosts.change('prod', record({ host: 'other' as HostId, labels: ['new'] }), PAGE);
    expect(runtime.connection().state).toBe('connected');
    expect(second.logins()).toBe(1);
  });

  it('gives ssh its port, user and key before any configuration', async () => {
    const { hosts, runtimes } = bench;
    const key = join(second.directory, 'user_key');
    // The alias has another port and another key: only with those of the record it leads to the second host.
    const values = { port: second.port, user: second.user, identityFile: key };
    writeFileSync(
      join(first.directory, 'known_hosts'),
      readFileSync(join(second.directory, 'known_hosts'), 'utf8'),
    );
    hosts.add('prod', record(values), PAGE);
    expect(await homeOf(runtimes.for(PROD))).toBe(second.home);
    expect(runtimes.for(PROD).address?.()).toEqual({
      hostname: '127.0.0.1',
      port: second.port,
      user: second.user,
    });
    hosts.setMethod(PROD, 'direct');
    await vi.waitFor(async () => expect(await homeOf(runtimes.for(PROD))).toBe(second.home), {
      timeout: 10_000,
    });
    expect(hosts.get(PROD).method).toBe('direct');
  });

  it('that is disabled or removed closes its connection, and refuses until it is back', async () => {
    const { hosts, runtimes, audit } = bench;
    hosts.add('prod', record(), PAGE);
    await hosts.reconnect(PROD);
    const runtime = runtimes.for(PROD);
    hosts.setEnabled('prod', false, PAGE);
    expect(runtime.connection()).toMatchObject({ state: 'refused', code: 'host.disabled' });
    await expect(runtime.exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'host.disabled' });
    await expect(hosts.reconnect(PROD)).rejects.toMatchObject({ code: 'host.disabled' });
    await vi.waitFor(() => expect(first.log()).toMatch(/Received disconnect|Connection closed/), {
      timeout: 5000,
    });
    hosts.setEnabled('prod', true, PAGE);
    expect(await homeOf(runtime)).toBe(first.home);
    hosts.remove('prod', PAGE);
    await expect(runtime.exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'host.deleted' });
    hosts.add('prod', record({ host: 'other' as HostId }), PAGE);
    expect(await homeOf(runtime)).toBe(second.home);
    const events = audit.entries.filter(({ kind }) => kind === 'connection').map(({ facts }) => facts.event);
    expect(events).toEqual(['connected', 'refused', 'connected', 'refused', 'connected']);
    expect(audit.entries.find(({ kind }) => kind === 'connection')).toMatchObject({
      hostId: 'prod',
      facts: { user: first.user, hostname: '127.0.0.1', port: first.port, method: 'master' },
    });
  });

  it('learns what the host is, and keeps it over a restart', async () => {
    const { hosts } = bench;
    hosts.add('prod', record(), PAGE);
    await hosts.reconnect(PROD);
    await vi.waitFor(() => expect(hosts.get(PROD).learned).not.toBe(null), { timeout: 20_000 });
    await bench.close();
    bench = openHostBench(folder, { sshConfigPath: join(folder, 'ssh_config') });
    const { learned } = bench.hosts.get(PROD);
    expect(learned).toMatchObject({
      address: { hostname: '127.0.0.1', port: first.port, user: first.user },
      user: first.user,
      system: expect.stringContaining('Linux'),
      tools: expect.arrayContaining([{ name: 'git', version: expect.stringMatching(/^\d+\./) }]),
    });
    expect(Date.parse(learned?.lastContactAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    bench.hosts.change('prod', record({ host: 'other' as HostId }), PAGE);
    expect(bench.hosts.get(PROD).learned).toBe(null);
  });

  it('knows nothing of a place that another record of its name led to, nor of an alias of it', async () => {
    const { hosts, hostStore } = bench;
    hosts.add('prod', record(), PAGE);
    await hosts.reconnect(PROD);
    await vi.waitFor(() => expect(hosts.get(PROD).learned).not.toBe(null), { timeout: 20_000 });
    const { learned } = hosts.get(PROD);
    hosts.remove('prod', PAGE);
    hosts.add('prod', record({ host: 'other' as HostId, isEnabled: false }), PAGE);
    expect(hosts.get(PROD)).toMatchObject({ learned: null, sessionLimit: null });

    const alias = 'lab' as HostId;
    hostStore.change(alias, { learned, sessionLimit: 3 });
    hosts.add('lab', record({ host: alias, isEnabled: false }), PAGE);
    expect(hosts.get(alias)).toMatchObject({ learned, sessionLimit: 3 });
    hostStore.change('gpu' as HostId, { learned, sessionLimit: 3 });
    hosts.add('gpu', record({ host: 'other' as HostId, isEnabled: false }), PAGE);
    expect(hosts.get('gpu' as HostId)).toMatchObject({ learned: null, sessionLimit: null });
  });

  it('that rests is not connected, also after a restart, until somebody asks for its connection', async () => {
    bench.hosts.add('prod', record(), PAGE);
    await bench.hosts.reconnect(PROD);
    bench.resting.rest(PROD);
    expect(bench.hosts.get(PROD).connection).toMatchObject({ state: 'refused', code: 'host.stopped' });
    const isRefused = () =>
      expect(bench.runtimes.for(PROD).exec({ argv: ['true'] })).rejects.toMatchObject({
        code: 'host.stopped',
      });
    await isRefused();
    await bench.close();
    bench = openHostBench(folder, { sshConfigPath: join(folder, 'ssh_config') });
    expect(bench.hosts.get(PROD).connection).toMatchObject({ state: 'refused', code: 'host.stopped' });
    await isRefused();
    await bench.hosts.reconnect(PROD);
    expect(bench.hosts.get(PROD).connection.state).toBe('connected');
  });

  it('gives jobs its variables, and leaves those that a job brings itself', async () => {
    const { hosts, runtimes, hostRecords } = bench;
    hosts.add('prod', record({ environment: { PLACE: 'lab', OWN: 'host' } }), PAGE);
    const runtime = withHostEnvironment(runtimes.for(PROD), hostRecords);
    const id = newId('job');
    let text = '';
    const spec = { id, command: { script: 'echo "$PLACE $OWN"' }, cwd: first.home, env: { OWN: 'job' } };
    await runtime.jobs.attach(id, {
      start: spec,
      onOutput: (_stream, _offset, bytes) => void (text += Buffer.from(bytes)),
    });
    expect(text).toBe('lab job\n');
  });

  it('is made of an alias by an import, dry first, and nothing comes twice', async () => {
    const { hosts } = bench;
    const dry = await hosts.importAliases({ names: null, isDryRun: true, by: PAGE });
    expect(dry.added).toEqual([]);
    expect(dry.hosts.map(({ name, state }) => [name, state])).toEqual([
      [first.alias, 'new'],
      ['other', 'new'],
      ['prod', 'new'],
    ]);
    expect(dry.hosts[1]?.address).toEqual({ hostname: '127.0.0.1', port: second.port, user: second.user });
    const names = ['other', 'nobody'];
    const made = await hosts.importAliases({ names, isDryRun: false, by: PAGE });
    expect(made.added).toEqual(['other']);
    expect(made.hosts[1]).toMatchObject({ name: 'nobody', state: 'refused' });
    expect(hosts.record('other' as HostId)).toMatchObject({ host: 'other', labels: ['imported'] });
    expect(await homeOf(bench.runtimes.for('other' as HostId))).toBe(second.home);
    expect((await hosts.importAliases({ names: null, isDryRun: false, by: PAGE })).added).toEqual([
      first.alias,
      'prod',
    ]);
    expect((await hosts.importAliases({ names: null, isDryRun: false, by: PAGE })).added).toEqual([]);
  });
});

describe('aliases of the ssh config', () => {
  it('come and go while the file is edited, included files too', async () => {
    const { hosts, changes } = bench;
    await hosts.list();
    const config = join(folder, 'ssh_config');
    writeFileSync(config, `Include ${folder}/more\nHost one\n`);
    const told = (id: string, type: string) => () =>
      expect(
        changes.some(
          (change) =>
            change.type === type && (change.type === 'removed' ? change.id : change.entity.value.id) === id,
        ),
      ).toBe(true);
    await vi.waitFor(told('one', 'changed'), { timeout: 5000 });
    await vi.waitFor(told('other', 'removed'), { timeout: 5000 });
    writeFileSync(join(folder, 'more'), 'Host two\n');
    await vi.waitFor(told('two', 'changed'), { timeout: 5000 });
    expect((await hosts.list()).map(({ id }) => id)).toEqual(['local', 'two', 'one']);
  });
});
