import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionMethod, HostId } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { installFakeCommand } from '../coder/testing/fake-command.ts';
import { openHostBench } from './testing/host-bench.ts';

const DEV = 'coder.dev' as HostId;
const ONE = ['true'] as const;

describe.each<ConnectionMethod>(['master', 'direct'])('a machine of Coder’s, by %s', (method) => {
  let sshd: TestSshd;
  let fake: ReturnType<typeof installFakeCommand>;
  let folder: string;
  let bench: ReturnType<typeof openHostBench>;

  const status = () => fake.read().workspaces.dev?.status;
  const put = (now: string) => fake.write({ workspaces: { dev: { status: now } }, port: sshd.port });
  const connection = () => bench.hosts.get(DEV).connection;
  const open = () => {
    bench = openHostBench(folder, { sshConfigPath: join(folder, 'ssh_config'), hostsInUse: () => [DEV] });
    bench.hosts.setMethod(DEV, method);
  };

  beforeAll(async () => {
    sshd = await startSshd();
    fake = installFakeCommand({});
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(fake.folder, { recursive: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-resting-'));
    // As coder config-ssh writes it, but for the key, which is on record.
    const proxy = `env FAKE_CODER=${fake.environment.FAKE_CODER} ${fake.command} ssh --stdio --ssh-host-prefix coder. %h`;
    const others = readFileSync(sshd.sshConfigPath, 'utf8').replace(/^\s*(host|hostname|port)\b.*$/gim, '');
    writeFileSync(
      join(folder, 'ssh_config'),
      `Host coder.*\n${others}\n  HostKeyAlias [127.0.0.1]:${sshd.port}\n  ProxyCommand ${proxy}\n`,
    );
    put('stopped');
    open();
  });
  afterEach(async () => {
    await bench.close();
    rmSync(folder, { recursive: true });
  });

  it('that stopped by itself is shown as stopped, and no reconnect of ours wakes it', async () => {
    await bench.hosts.reconnect(DEV);
    expect([connection().state, status()]).toEqual(['connected', 'running']);
    put('stopped');
    await vi.waitFor(() => expect(connection()).toMatchObject({ state: 'refused', code: 'host.stopped' }), {
      timeout: 20_000,
    });
    const exec = () => bench.runtimes.for(DEV).exec({ argv: ONE });
    await expect(exec()).rejects.toMatchObject({ code: 'host.stopped' });
    // Nor a restart of ours, whatever it looks at then.
    await bench.close();
    open();
    expect(connection()).toMatchObject({ state: 'refused', code: 'host.stopped' });
    await expect(exec()).rejects.toMatchObject({ code: 'host.stopped' });
    expect(status()).toBe('stopped');
    await bench.hosts.reconnect(DEV);
    expect([connection().state, status()]).toEqual(['connected', 'running']);
  }, 60_000);

  it('that stopped while nobody looked is not woken by what the server does by itself', async () => {
    await expect(bench.runtimes.for(DEV).exec({ argv: ONE })).rejects.toMatchObject({ code: 'host.stopped' });
    expect([connection(), status()]).toMatchObject([{ state: 'refused', code: 'host.stopped' }, 'stopped']);
    bench.resting.wake(DEV);
    await bench.runtimes.for(DEV).exec({ argv: ONE });
    expect([connection().state, status()]).toEqual(['connected', 'running']);
    // What was wanted once is not wanted for ever.
    bench.resting.wake(DEV);
    put('stopped');
    await vi.waitFor(() => expect(connection()).toMatchObject({ state: 'refused', code: 'host.stopped' }), {
      timeout: 20_000,
    });
    expect(status()).toBe('stopped');
  }, 60_000);

  it('that somebody else started is connected again, and still not woken by us', async () => {
    const exec = () => bench.runtimes.for(DEV).exec({ argv: ONE });
    await expect(exec()).rejects.toMatchObject({ code: 'host.stopped' });
    bench.resting.seenRunning(DEV);
    // It has stopped again meanwhile.
    await expect(exec()).rejects.toMatchObject({ code: 'host.stopped' });
    expect(status()).toBe('stopped');
    put('running');
    bench.resting.seenRunning(DEV);
    await exec();
    expect(connection().state).toBe('connected');
  }, 60_000);

  it('is connected again by itself where only the connection broke', async () => {
    await bench.hosts.reconnect(DEV);
    const before = sshd.logins();
    sshd.killConnections();
    await vi.waitFor(() => expect(sshd.logins()).toBeGreaterThan(before), { timeout: 20_000 });
    await vi.waitFor(() => expect(connection().state).toBe('connected'), { timeout: 20_000 });
  }, 60_000);
});
