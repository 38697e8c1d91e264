import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { createSshProbe } from '@farhand/runtime-ssh/probe';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCall } from '../cli/client.ts';
import { composeServer } from '../composition.ts';
import { resolvePaths } from '../config/paths.ts';
import type { RunningServer } from '../main.ts';

describe('a server with a default host', () => {
  let folder: string;
  let sshd: TestSshd;
  let server: RunningServer;
  const config = () => join(folder, 'config.toml');

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-whole-'));
    sshd = await startSshd();
    const shop = join(folder, 'shop');
    mkdirSync(shop);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: shop,
        stdio: 'pipe',
      });
    git('init', '-qb', 'main');
    git('commit', '-qm', 'first', '--allow-empty');
    writeFileSync(
      config(),
      `default_host = "prod"\n\n# mine\n[hosts.prod]\nhost = "${sshd.alias}"\ndirectory = "~/work here"\nenvironment = { PLACE = "lab" }\n`,
    );
    server = await serve();
  });
  const serve = () => {
    const environment = { PATH: process.env.PATH, HOME: process.env.HOME };
    const { sshConfigPath } = sshd;
    return composeServer(
      { port: 0, logLevel: 'silent' },
      {
        paths: resolvePaths({ FARHAND_HOME: folder }, folder),
        runtimes: {
          local: () => createLocalRuntime({ environment }),
          ssh: (hostId, { access, ...settings }) =>
            createSshRuntime({ hostId, environment, sshConfigPath, ...access, ...settings }),
          probe: createSshProbe({ environment, sshConfigPath }),
          defaultMethod: 'master',
        },
        environment,
        sshConfigPath,
        webDirectory: join(folder, 'no-page'),
      },
    );
  };
  afterEach(async () => {
    await server.close();
    await sshd.stop();
    rmSync(folder, { recursive: true });
  });

  it('works there with its folder and variables, and nowhere else once it is removed', async () => {
    const call = createCall(join(folder, 'server.json'));
    const { project } = await call('project.add', { source: join(folder, 'shop') });
    const made = await call('workspace.create', { projectId: project.id, name: 'one', branch: 'main' });
    const { id: workspaceId } = made.workspace;
    const current = async () =>
      (await call('workspace.list', {})).workspaces.find(({ id }) => id === workspaceId);
    await vi.waitFor(async () => expect((await current())?.state).toBe('ready'), { timeout: 20_000 });
    expect(await current()).toMatchObject({
      hostId: 'prod',
      directory: expect.stringContaining(`${sshd.home}/work here/`),
    });
    const ran = await call('workspace.exec', { workspaceId, argv: ['sh', '-c', 'echo "$PLACE in $PWD"'] });
    expect(Buffer.from(ran.stdout, 'base64').toString()).toContain(`lab in ${sshd.home}/work here/`);

    const { run } = await call('run.start', { host: 'prod', argv: ['printenv', 'PLACE'] });
    expect(await call('run.get', { runId: run.id, waitMs: 20_000 })).toMatchObject({
      run: { state: 'ended', hostId: 'prod' },
      output: { stdout: Buffer.from('lab\n').toString('base64') },
    });

    await call('host.remove', { name: 'prod' });
    expect(readFileSync(config(), 'utf8')).toBe('default_host = "prod"\n\n');
    const again = { projectId: project.id, name: 'two', branch: 'main' };
    await expect(call('workspace.create', again)).rejects.toMatchObject({ code: 'host.deleted' });
    const exec = call('workspace.exec', { workspaceId, argv: ['true'] });
    await expect(exec).rejects.toMatchObject({ code: 'host.deleted' });
    const { events } = await call('audit.search', { kinds: ['connection', 'setting'] });
    const told = events.map(({ kind, hostId, facts }) => [kind, hostId, facts.event]);
    expect(told).toContainEqual(['connection', 'prod', 'connected']);
    expect(told).toContainEqual(['setting', 'prod', 'removed']);
    const local = await call('workspace.create', { ...again, host: 'local' });
    expect(local.workspace.hostId).toBe('local');
  });

  it('shows a host that was only typed while a run waits for it, with why', async () => {
    const call = createCall(join(folder, 'server.json'));
    const { run } = await call('run.start', { host: 'nowhere.invalid', argv: ['true'] });
    const waited = async () => (await call('host.list', {})).hosts.find(({ id }) => id === run.hostId);
    await vi.waitFor(
      async () =>
        expect(await waited()).toMatchObject({ connection: { state: 'retrying', code: 'host.unknown' } }),
      { timeout: 20_000 },
    );
    await call('run.cancel', { runId: run.id });
  });

  it('forgets a host that was only typed and never reached once nothing waits for it, for good', async () => {
    const typo = 'nowhere.invalid';
    const listed = async (call: ReturnType<typeof createCall>) =>
      (await call('host.list', {})).hosts.find(({ id }) => id === typo)?.connection.state;
    const first = createCall(join(folder, 'server.json'));
    const ids = await Promise.all(
      [1, 2].map(async () => (await first('run.start', { host: typo, argv: ['true'] })).run.id),
    );
    await vi.waitFor(async () => expect(await listed(first)).toBe('retrying'), { timeout: 20_000 });
    for (const [index, runId] of ids.entries()) {
      expect(await listed(first)).toBeDefined();
      await first('run.cancel', { runId });
      await first('run.get', { runId, waitMs: 20_000 });
      if (index === 0) expect(await listed(first)).toBeDefined();
    }
    await vi.waitFor(async () => expect(await listed(first)).toBeUndefined(), { timeout: 20_000 });
    // Asked for again, it is there again while it is waited for.
    const again = await first('run.start', { host: typo, argv: ['true'] });
    await vi.waitFor(async () => expect(await listed(first)).toBe('retrying'), { timeout: 20_000 });
    await first('run.cancel', { runId: again.run.id });
    await vi.waitFor(async () => expect(await listed(first)).toBeUndefined(), { timeout: 20_000 });
    await server.close();
    server = await serve();
    const second = createCall(join(folder, 'server.json'));
    expect(await listed(second)).toBeUndefined();
    const { host } = await second('host.reconnect', { hostId: typo as HostId }).then(
      () => ({ host: 'reached' }),
      (thrown: { code: string }) => ({ host: thrown.code }),
    );
    expect(host).toBe('host.unknown');
    await vi.waitFor(async () => expect(await listed(second)).toBeUndefined(), { timeout: 20_000 });
  }, 60_000);
});
