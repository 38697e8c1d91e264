import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startDelayProxy } from '@farhand/shared/testing/delay-proxy';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { medianMs, medianPairMs } from './measure.ts';
import { atMost, type Row } from './row.ts';

const run = promisify(execFile);

/** Commands on a warm connection: against `ssh -S`, at 50 ms of delay, and a hundred at once. */
export async function benchCommands(): Promise<Row[]> {
  const sshd = await startSshd();
  const runtime = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath: sshd.sshConfigPath });
  try {
    return [
      await againstOneShot(sshd, runtime),
      await atDelay(sshd),
      ...(await hundredAtOnce(sshd, runtime)),
    ];
  } finally {
    await runtime.close();
    await sshd.stop();
  }
}

async function againstOneShot(sshd: TestSshd, runtime: Runtime): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'fb-'));
  const socket = join(folder, 'm');
  const options = ['-F', sshd.sshConfigPath, '-S', socket];
  await run('ssh', [...options, '-M', '-N', '-f', sshd.alias]);
  try {
    const [ours, oneShot] = await medianPairMs(
      200,
      () => runtime.exec({ argv: ['true'] }),
      () => run('ssh', [...options, sshd.alias, 'true']),
    );
    return atMost(0.2, {
      name: 'warm `true` over one-shot `ssh -S`',
      value: ours / oneShot,
      unit: 'ratio',
      baseline: `${oneShot.toFixed(2)} ms one-shot, ${ours.toFixed(2)} ms ours`,
    });
  } finally {
    await run('ssh', [...options, '-O', 'exit', sshd.alias]);
    rmSync(folder, { recursive: true });
  }
}

async function atDelay(sshd: TestSshd): Promise<Row> {
  const delayMs = 50;
  const far = await startFarHost(sshd, delayMs);
  try {
    const took = await medianMs(40, () => far.runtime.exec({ argv: ['true'] }));
    return atMost(1.2, {
      name: 'warm `true` at 50 ms of delay',
      value: took / delayMs,
      unit: 'round trips',
      baseline: `${delayMs} ms round trip, ${took.toFixed(1)} ms ours`,
    });
  } finally {
    await far.stop();
  }
}

async function hundredAtOnce(sshd: TestSshd, runtime: Runtime): Promise<Row[]> {
  const before = sshd.logins();
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) =>
      runtime.exec({ argv: ['sh', '-c', `sleep 0.2; echo ${index}`] }),
    ),
  );
  const failed = results.filter(
    (result, index) =>
      result.status === 'rejected' || Buffer.from(result.value.stdout).toString() !== `${index}\n`,
  );
  const row = { unit: 'commands', baseline: `sshd’s defaults, ${sshd.logins() - before} more logins` };
  return [atMost(0, { ...row, name: 'failed of 100 commands at once', value: failed.length })];
}

/** The same sshd behind a proxy that delays: another alias in a configuration of its own. */
export async function startFarHost(sshd: TestSshd, delayMs: number) {
  const proxy = await startDelayProxy({ targetPort: sshd.port, delayMs });
  const sshConfigPath = join(sshd.directory, `far-${proxy.port}`);
  const config = readFileSync(sshd.sshConfigPath, 'utf8').replace(
    /Port \d+/,
    `Port ${proxy.port}\n  HostKeyAlias [127.0.0.1]:${sshd.port}`,
  );
  writeFileSync(sshConfigPath, config);
  const runtime = createSshRuntime({ hostId: sshd.alias as HostId, sshConfigPath });
  return {
    sshConfigPath,
    runtime,
    stop: async () => {
      await runtime.close();
      await proxy.stop();
    },
  };
}
