import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '@farhand/shared/model/audit';
import { type HostId, type HostRecord, hostRecord } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHostBench } from '../testing/host-bench.ts';
import { permissionsThere } from './doctor-there.ts';
import { stepsThere } from './steps-there.ts';
import { TestRun } from './test-run.ts';

const PAGE: Actor = { kind: 'page', name: null };
const MiB = 1024 * 1024;
const LONGEST = 1000;
/** What a terminal or an eye would act on: colours, a title, a line that begins anew, right-to-left, no width. */
const EVIL = '\u001b[31mred\u001b]0;title\u0007\rover\u202Etxt\u200B<img src=x onerror=alert(1)>';

let folder: string;
let sshd: TestSshd;
let bench: ReturnType<typeof openHostBench>;

const open = async (config: readonly string[]) => {
  sshd = await startSshd({ config: [...config] });
  bench = openHostBench(folder, { sshConfigPath: sshd.sshConfigPath });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-hostile-'));
  await open([]);
});
afterEach(async () => {
  await bench.close();
  await sshd.stop();
  rmSync(folder, { recursive: true });
});

const atStart = (text: string) => {
  for (const name of ['.bashrc', '.profile']) writeFileSync(join(sshd.home, name), text);
};

/** In the place of the host's own programs of these names. */
function replace(names: readonly string[], script: string): void {
  const bin = join(sshd.home, 'evil');
  mkdirSync(bin);
  for (const name of names) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  atStart(`PATH=${bin}:$PATH; export PATH\n`);
}

async function test(values: Partial<HostRecord> = {}) {
  const { tests } = bench.hosts;
  let at = tests.start({ record: hostRecord.parse({ host: sshd.alias, ...values }) }, PAGE);
  while (at.state === 'running')
    at = await tests.get(at.id, {
      after: at.version,
      waitMs: 30_000,
      signal: new AbortController().signal,
    });
  return at;
}

const doctor = () => bench.hosts.doctor(sshd.alias as HostId, new AbortController().signal);

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}

/** Every text in it, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function expectPlain(value: unknown): void {
  for (const text of textsIn(value)) {
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text.length).toBeLessThan(LONGEST);
  }
}

describe('a test and the doctor at a hostile host', { timeout: 120_000 }, () => {
  it('end in bounded memory and text where its shell prints 100 MB before anything else', async () => {
    await bench.close();
    await sshd.stop();
    const noisy = join(folder, 'noisy');
    // As start-up files do, whatever the account's shell is.
    const noise = `head -c ${100 * MiB} /dev/zero | tr '\\0' x`;
    writeFileSync(noisy, `#!/bin/sh\n${noise}\nexec sh -c "$SSH_ORIGINAL_COMMAND"\n`, { mode: 0o755 });
    await open([`ForceCommand ${noisy}`]);
    const before = process.memoryUsage.rss();
    const ended = await test();
    expect(ended.state).toBe('failed');
    expect(ended.steps.find(({ name }) => name === 'shell')).toMatchObject({
      state: 'failed',
      code: 'host.shell_unusable',
    });
    expectPlain(ended);
    await expect(doctor()).rejects.toMatchObject({ code: 'host.shell_unusable' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * MiB);
  });

  it('show its name, system, paths and versions as plain, short lines', async () => {
    const noise = `printf '%b\\n' ${JSON.stringify(EVIL.replaceAll('\u001b', '\\033').replaceAll('\u0007', '\\a').replaceAll('\r', '\\r'))}`;
    replace(['uname', 'git', 'rg', 'bwrap', 'id', 'node', 'df'], `${noise}; printf 'x%.0s' {1..5000}`);
    const ended = await test();
    expectPlain(ended);
    expect(ended.hostname).toContain('<img src=x');
    const report = await doctor();
    expectPlain(report);
    expect(JSON.stringify(report)).toContain('<img src=x');
    await expect.poll(() => bench.hosts.get(sshd.alias as HostId).learned).not.toBeNull();
    expectPlain(bench.hosts.get(sshd.alias as HostId));
  });

  it('are given up where it never says what it is', async () => {
    replace(['uname'], 'exec sleep 7721');
    const runtime = bench.runtimes.for(sshd.alias as HostId);
    const run = new TestRun(runtime.hostId, '');
    await stepsThere(run, runtime, { directory: null, shellTimeoutMs: 2000 });
    run.finish();
    expect(run.test.state).toBe('failed');
    expect(run.test.steps.find(({ name }) => name === 'shell')).toMatchObject({ code: 'host.timed_out' });
  });

  it('are given up where it greets and falls silent, or never ends its greeting', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {}).write('SSH-2.0-Slow_1.0\r\n'));
    const endless = createServer((socket) => {
      const timer = setInterval(() => socket.write('x'), 100);
      socket.on('error', () => {}).on('close', () => clearInterval(timer));
    });
    try {
      const ports = await Promise.all([silent, endless].map(portOf));
      const [still, dripping] = await Promise.all(ports.map((port) => test({ port })));
      expect(still?.steps.find(({ name }) => name === 'connect')?.detail).toContain('SSH-2.0-Slow_1.0');
      expect(still?.steps.find(({ name }) => name === 'host_key')).toMatchObject({
        state: 'failed',
        code: 'host.timed_out',
      });
      expect(dripping?.steps.find(({ name }) => name === 'connect')).toMatchObject({
        state: 'failed',
        code: 'host.timed_out',
      });
    } finally {
      for (const server of [silent, endless]) server.close();
    }
  });

  it('put no name of a file there into a command that a person may copy', () => {
    const key = `/home/ada/.ssh/x'; touch ${folder}/gone; '`;
    const { todo } = permissionsThere(new Map([['mode.key', key]]));
    const command = todo?.replace('There: ', '').replace('chmod', 'echo') ?? '';
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(`600 ${key}\n`);
  });
});
