import { existsSync } from 'node:fs';
import path from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchText } from '../terminals/testing-watcher.ts';
import { type Bench, openBench, outcomeOf } from './testing/bench.ts';

let sshd: TestSshd;
let bench: Bench;

beforeAll(async () => {
  sshd = await startSshd();
  const hostId = sshd.alias as HostId;
  bench = openBench({
    hostId,
    runtime: createSshRuntime({ hostId, sshConfigPath: sshd.sshConfigPath }),
    home: sshd.home,
  });
});
afterAll(async () => {
  await bench.close();
  await sshd.stop();
});

describe('a workspace over ssh', { timeout: 90_000 }, () => {
  it('is made from 2,000 files, worked in, looked at and deleted', async () => {
    const shop = bench.repository();
    shop.importFiles([
      ...Array.from({ length: 2000 }, (_, index) => ({
        file: `src/${index % 50}/file ${index}.txt`,
        text: `content ${index}\n`,
      })),
      { file: '.farhand/init', text: 'echo "setting up with $TOKEN"\n' },
    ]);
    const { id: projectId } = await bench.projects.add(shop.path);
    bench.secrets.set({ kind: 'project', projectId }, 'TOKEN', 'canary-ssh-4471');
    const made = await bench.make({ projectId });
    expect(outcomeOf(made)).toBe('ready');
    expect(made.directory?.startsWith(path.join(sshd.home, '.farhand/workspaces/shop/'))).toBe(true);
    expect(made.steps[4]).toMatchObject({ state: 'done', output: 'setting up with [secret TOKEN]\n' });

    const before = bench.execs();
    const second = await bench.make({ projectId, name: 'second' });
    expect(outcomeOf(second)).toBe('ready');
    expect(bench.execs() - before).toBe(2);

    await bench.workspaces.exec(made.id, ['sh', '-c', 'echo changed >"src/0/file 0.txt"; echo new >new.txt']);
    const { files } = await bench.workspaces.changes(made.id);
    expect(files.map(({ path: file, status }) => `${status} ${file}`)).toEqual([
      'untracked new.txt',
      'modified src/0/file 0.txt',
    ]);

    const { id } = await bench.terminals.open(made.id, { rows: 24, cols: 80 });
    const page = watchText(bench.terminals, id);
    await bench.terminals.input(id, 'echo "$TOKEN" over-"ssh"\n');
    await page.shows('over-ssh');
    expect(page.text()).not.toContain('canary-ssh');

    sshd.killConnections();
    await page.until(() => page.states.includes('contact_lost'));
    await page.until(() => page.states.at(-1) === 'attached');
    await bench.terminals.input(id, 'echo still-"here"\n');
    await page.shows('still-here');

    await bench.workspaces.delete(made.id, { force: true, forget: false });
    expect(existsSync(made.directory ?? '')).toBe(false);
    expect(await bench.runtime.jobs.list(made.id)).toEqual([]);
  });
});
