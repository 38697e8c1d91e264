import { existsSync } from 'node:fs';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from '../testing/bench.ts';

let sshd: TestSshd;
let bench: Bench;

beforeAll(async () => {
  sshd = await startSshd();
  const hostId = sshd.alias as HostId;
  const runtime = createSshRuntime({ hostId, sshConfigPath: sshd.sshConfigPath });
  bench = openBench({ hostId, runtime, home: sshd.home });
});
afterAll(async () => {
  await bench.close();
  await sshd.stop();
});

describe('a workspace over ssh', () => {
  it('is fetched from, archived while the connection breaks, and restored', async () => {
    const shop = bench.repository();
    for (let index = 0; index < 500; index += 1) shop.write(`src/${index}.txt`, `content ${index}\n`);
    shop.commit('many');
    const { id: projectId } = await bench.projects.add(shop.path);
    const made = await bench.make({ projectId });
    expect(outcomeOf(made)).toBe('ready');
    const script =
      'head -c 5000000 /dev/urandom >blob; git add blob; git commit -qm blob; head -c 3000000 /dev/urandom >loose; echo x >>src/1.txt';
    await bench.workspaces.exec(made.id, ['sh', '-c', script]);
    const sums = ['sh', '-c', 'cksum blob loose src/1.txt; git log --format=%H; git status --porcelain'];
    const before = await bench.workspaces.exec(made.id, sums);

    const fetched = await bench.workspaces.fetch(made.id);
    expect(fetched.commits).toBe(1);
    expect(shop.git('rev-parse', fetched.ref)).toBe(fetched.commit);

    // Once, as soon as the first bytes of the archive arrive.
    let isCut = false;
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      exec(command, options) {
        const onStdout = options?.onStdout;
        if (isCut || onStdout === undefined) return runtime.exec(command, options);
        const cutting = (bytes: Uint8Array) => {
          if (!isCut) sshd.killConnections();
          isCut = true;
          return onStdout(bytes);
        };
        return runtime.exec(command, { ...options, onStdout: cutting });
      },
    }));
    await bench.workspaces.archive(made.id);
    await bench.until(made.id, ({ state }) => state === 'archived');
    expect(isCut).toBe(true);
    expect(existsSync(made.directory ?? '')).toBe(false);
    expect(await bench.runtime.jobs.list(made.id)).toEqual([]);

    bench.workspaces.restore(made.id);
    expect(outcomeOf(await bench.until(made.id, ({ state }) => state !== 'creating'))).toBe('ready');
    expect(await bench.workspaces.exec(made.id, sums)).toEqual(before);
  }, 60_000);
});
