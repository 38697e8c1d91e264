import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { type DelayProxy, startDelayProxy } from '@farhand/shared/testing/delay-proxy';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { watchText } from '../terminals/testing-watcher.ts';
import { type Bench, openBench, outcomeOf } from '../workspaces/testing/bench.ts';

let sshd: TestSshd;
let proxy: DelayProxy;
let bench: Bench;
let made: Workspace;

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

beforeEach(async () => {
  proxy = await startDelayProxy({ targetPort: sshd.port });
  const hostId = `through-${proxy.port}` as HostId;
  const sshConfigPath = join(sshd.directory, `config-${proxy.port}`);
  writeFileSync(
    sshConfigPath,
    [
      `Host ${hostId}`,
      '  HostName 127.0.0.1',
      `  Port ${proxy.port}`,
      `  HostKeyAlias [127.0.0.1]:${sshd.port}`,
      `  User ${sshd.user}`,
      `  IdentityFile ${join(sshd.directory, 'user_key')}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      `  UserKnownHostsFile ${join(sshd.directory, 'known_hosts')}`,
      '  GlobalKnownHostsFile /dev/null',
      '',
    ].join('\n'),
  );
  bench = openBench({ hostId, runtime: createSshRuntime({ hostId, sshConfigPath }), home: sshd.home });
  const shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.commit('first');
  made = await bench.make({ projectId: (await bench.projects.add(shop.path)).id });
  if (made.state !== 'ready') throw new Error(outcomeOf(made));
});
afterEach(async () => {
  await bench.close();
  await proxy.stop();
});

/** As a host that is switched off: what is open breaks, and nothing answers. */
async function takeAway(): Promise<() => Promise<void>> {
  const { port } = proxy;
  const away = untilState('retrying');
  await proxy.stop();
  await away;
  return async () => {
    proxy = await startDelayProxy({ targetPort: sshd.port, port });
  };
}

const untilState = (wanted: string) =>
  new Promise<void>((resolve) => {
    if (bench.runtime.connection().state === wanted) return resolve();
    const unwatch = bench.runtime.watchConnection(({ state }) => {
      if (state !== wanted) return;
      unwatch();
      resolve();
    });
  });

/** Processes whose working folder is the workspace's, also when it was removed under them. */
function processesIn(directory: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readlinkSync(`/proc/${name}/cwd`).startsWith(directory);
    } catch {
      return false;
    }
  });
}

async function startWork(): Promise<string> {
  const directory = made.directory ?? '';
  const { id } = await bench.terminals.open(made.id, { rows: 24, cols: 80 });
  await bench.terminals.input(id, 'sleep 1001 & sleep 1002\n');
  const argv = ['sh', '-c', 'sleep 1003 & exec sleep 1004'] as const;
  await bench.runtime.jobs.start({ id: newId('job'), command: { argv }, cwd: directory, label: made.id });
  await expect.poll(() => processesIn(directory).length).toBeGreaterThanOrEqual(5);
  return directory;
}

async function untilGone(directory: string): Promise<void> {
  await expect.poll(() => processesIn(directory), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => existsSync(directory), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => bench.runtime.jobs.list(made.id), { timeout: 20_000 }).toEqual([]);
}

const deletion = { force: true, forget: false };

describe('what was asked of a host that is away', { timeout: 90_000 }, () => {
  it('deletes on return, and leaves no process', async () => {
    const directory = await startWork();
    const bringBack = await takeAway();
    await bench.workspaces.delete(made.id, deletion);
    expect(bench.workspaces.get(made.id)).toMatchObject({ state: 'deleting', isWaitingForHost: true });
    expect(processesIn(directory)).not.toEqual([]);
    await bringBack();
    await expect.poll(() => bench.workspaces.list(), { timeout: 40_000 }).toEqual([]);
    await untilGone(directory);
  });

  it('ends in the deletion where the link was frozen and the server restarted', async () => {
    const directory = await startWork();
    proxy.freeze();
    const deleting = bench.workspaces.delete(made.id, deletion).catch(() => {});
    await bench.until(made.id, ({ state }) => state === 'deleting');
    bench.hostTasks.close();
    await bench.terminals.shutdown();
    const { workspaces, hostTasks } = bench.restart();
    workspaces.resumeAll();
    hostTasks.resumeAll();
    await expect.poll(() => workspaces.get(made.id).isWaitingForHost, { timeout: 30_000 }).toBe(true);
    expect(workspaces.get(made.id).state).toBe('deleting');
    proxy.cut();
    proxy.thaw();
    await expect.poll(() => workspaces.list(), { timeout: 60_000 }).toEqual([]);
    await untilGone(directory);
    await deleting;
  });

  it('clears the host of a workspace that was forgotten', async () => {
    const directory = await startWork();
    const bringBack = await takeAway();
    await bench.workspaces.delete(made.id, { force: true, forget: true });
    expect(bench.workspaces.list()).toEqual([]);
    await bringBack();
    await untilGone(directory);
  });

  it('delivers keys once that were typed without contact, and shows that they wait', async () => {
    const { id } = await bench.terminals.open(made.id, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await bench.terminals.input(id, 'echo one-"two"\n');
    await page.shows('one-two');
    const bringBack = await takeAway();
    const typed = bench.terminals.input(id, 'echo three-"four" >>typed\n');
    expect(page.held.at(-1)).toBe(26);
    await bringBack();
    await typed;
    expect(page.held.at(-1)).toBe(0);
    await bench.terminals.input(id, 'cat typed; echo "count "$(wc -l <typed)\n');
    await page.shows('count 1\r\n');
    expect(bench.terminals.get(id).exit).toBeNull();
  });

  it('gives a terminal the newest size on return', async () => {
    const { id } = await bench.terminals.open(made.id, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    const bringBack = await takeAway();
    const resized = [30, 31].map((rows) => bench.terminals.resize(id, rows, 90));
    await bringBack();
    await Promise.all(resized);
    await bench.terminals.input(id, 'stty size\n');
    await page.shows('31 90\r\n');
    expect(bench.terminals.get(id)).toMatchObject({ rows: 31, cols: 90 });
  });

  it('closes a terminal there on return', async () => {
    const { id, jobId } = await bench.terminals.open(made.id, { rows: 24, cols: 80 });
    const bringBack = await takeAway();
    await bench.terminals.close(id);
    expect(bench.terminals.list()).toEqual([]);
    await bringBack();
    const look = () => bench.runtime.jobs.get(jobId).then(String, ({ code }) => code);
    await expect.poll(look, { timeout: 40_000 }).toBe('job.not_found');
  });
});

describe('a command of a person', { timeout: 90_000 }, () => {
  const counting = ['sh', '-c', 'for n in $(seq 40); do echo $n; sleep 0.05; done; exit 7'] as const;

  it('gives all its output once over a connection that is cut', async () => {
    const running = bench.workspaces.exec(made.id, counting);
    await expect.poll(() => processesIn(made.directory ?? '').length).toBeGreaterThan(0);
    proxy.cut();
    const { stdout, ...end } = await running;
    const numbers = Array.from({ length: 40 }, (_, index) => `${index + 1}\n`).join('');
    expect(Buffer.from(stdout, 'base64').toString()).toBe(numbers);
    expect(end).toMatchObject({ end: 'exited', exitCode: 7, truncated: false });
  });

  it('is ended when nobody waits for it any more, also while its host is away', async () => {
    const directory = made.directory ?? '';
    const wait = new AbortController();
    const running = bench.workspaces.exec(made.id, ['sleep', '1005'], { signal: wait.signal });
    await expect.poll(() => processesIn(directory).length).toBeGreaterThan(0);
    const bringBack = await takeAway();
    wait.abort();
    expect(await running).toMatchObject({ end: 'detached', exitCode: null });
    expect(processesIn(directory)).not.toEqual([]);
    await bringBack();
    await expect.poll(() => processesIn(directory), { timeout: 40_000 }).toEqual([]);
    await expect.poll(() => bench.runtime.jobs.list(made.id), { timeout: 20_000 }).toEqual([]);
  });
});
