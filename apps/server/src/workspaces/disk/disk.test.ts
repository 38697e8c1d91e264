import type { ProjectId } from '@farhand/shared/model/ids';
import { newId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, type BenchOptions, openBench } from '../testing/bench.ts';

let bench: Bench;
let projectId: ProjectId;
let made: Workspace;
const shown = new Set<string>();

const open = async (workspaces: BenchOptions['workspaces']) => {
  bench = openBench({ workspaces: { isJobShown: (id) => shown.has(id), ...workspaces } });
  const shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.commit('first');
  ({ id: projectId } = await bench.projects.add(shop.path));
  made = await bench.make({ projectId });
};
beforeEach(() => shown.clear());
afterEach(() => bench.close());

const run = (script: string) => bench.runtime.exec({ script }, { cwd: made.directory ?? '' });
const isMeasured = ({ diskBytes }: Workspace) => diskBytes !== null;

describe('what a workspace takes on its host', () => {
  it('is measured soon after something ran there, its jobs with it', async () => {
    await open({});
    await run('head -c 3000000 /dev/urandom >big');
    bench.workspaces.refreshChanges(made.id);
    const { diskBytes } = await bench.until(made.id, isMeasured);
    expect(diskBytes).toBeGreaterThan(3_000_000);
    expect(diskBytes).toBeLessThan(4_500_000);
  });

  it('keeps new jobs from starting above the limit, until there is room again', async () => {
    await open({ quotaBytes: 2_000_000 });
    await run('head -c 3000000 /dev/urandom >big');
    bench.workspaces.refreshChanges(made.id);
    await bench.until(made.id, isMeasured);
    const refusal = {
      code: 'workspace.quota_exceeded',
      message: expect.stringContaining('it may take 2.0 MB'),
    };
    await expect(bench.workspaces.exec(made.id, ['true'])).rejects.toMatchObject(refusal);
    await expect(bench.terminals.open(made.id, { rows: 24, cols: 80 })).rejects.toMatchObject(refusal);
    expect(await bench.runtime.jobs.list(made.id)).toEqual([]);

    bench.workspaces.quota.setLimit(50_000_000);
    expect(bench.workspaces.quota.limitBytes()).toBe(50_000_000);
    expect(await bench.workspaces.exec(made.id, ['true'])).toMatchObject({ exitCode: 0 });
    bench.workspaces.quota.setLimit(null);
    expect(bench.workspaces.quota.limitBytes()).toBe(2_000_000);
    await run('rm big');
    expect(await bench.workspaces.exec(made.id, ['true'])).toMatchObject({ exitCode: 0 });
  });

  it('does not keep a job that runs already from being joined again', async () => {
    await open({ quotaBytes: 1 });
    const { runtime, directory } = bench.workspaces.ready(made.id);
    const id = newId('job');
    const spec = { id, command: { script: 'echo out' }, cwd: directory, label: made.id };
    await bench.runtime.jobs.start(spec);
    bench.workspaces.refreshChanges(made.id);
    await bench.until(made.id, isMeasured);
    let text = '';
    const onOutput = (_stream: string, _offset: number, bytes: Uint8Array) => {
      text += new TextDecoder().decode(bytes);
    };
    expect(await runtime.jobs.attach(id, { start: spec, onOutput })).toEqual({ kind: 'exited', code: 0 });
    expect(text).toBe('out\n');
  });
});

describe('ended jobs of a workspace', () => {
  const jobOf = async (script: string) => {
    const id = newId('job');
    const spec = { id, command: { script }, cwd: made.directory ?? '', label: made.id };
    await bench.runtime.jobs.attach(id, { start: spec, onOutput: () => {} });
    return id;
  };
  const left = async () => (await bench.runtime.jobs.list(made.id)).map(({ id }) => id).toSorted();
  const look = async () => {
    bench.workspaces.refreshChanges(made.id);
    await bench.until(made.id, isMeasured);
  };

  it('are cleared beyond the newest, but not those that run or are shown', async () => {
    await open({ jobLimits: { count: 2, bytes: 1024 ** 2 } });
    const running = newId('job');
    await bench.runtime.jobs.start({
      id: running,
      command: { script: 'sleep 600' },
      cwd: made.directory ?? '',
      label: made.id,
    });
    const jobs = [];
    for (let index = 0; index < 5; index += 1) jobs.push(await jobOf(`echo ${index}`));
    shown.add(jobs[0] ?? '');
    await look();
    expect(await left()).toEqual([jobs[0], jobs[3], jobs[4], running].toSorted());
  });

  it('are cleared above the bytes that they may take together', async () => {
    await open({ jobLimits: { count: 50, bytes: 500_000 } });
    const jobs = [];
    for (let index = 0; index < 3; index += 1) jobs.push(await jobOf('head -c 200000 /dev/zero'));
    await look();
    expect(await left()).toEqual([jobs[1], jobs[2]].toSorted());
  });
});
