import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './testing/bench.ts';
import type { TestRepository } from './testing/repository.ts';

let bench: Bench;
let shop: TestRepository;

beforeEach(() => {
  bench = openBench();
  shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.write('src/cart.ts', 'export const total = 1;\n');
  shop.commit('first');
});
afterEach(() => bench.close());

const addShop = () => bench.projects.add(shop.path);

describe('deleting a workspace', () => {
  it('tells what would be lost, and removes files and jobs when that is confirmed', async () => {
    const made = await bench.make({ projectId: (await addShop()).id });
    const script =
      "echo x >>README.md; echo y >new.txt; git add new.txt; git commit -q -m 'keep me' new.txt; mkdir locked; touch locked/f; chmod 500 locked";
    await bench.runtime.exec({ script }, { cwd: made.directory ?? '' });
    await bench.terminals.open(made.id, { rows: 24, cols: 80 });
    expect(await bench.workspaces.losses(made.id)).toEqual({
      reachable: true,
      uncommitted: ['README.md', 'locked/'],
      unpushed: [{ commit: expect.stringMatching(/^[0-9a-f]{40}$/), subject: 'keep me' }],
    });
    await expect(bench.workspaces.delete(made.id, { force: false, forget: false })).rejects.toMatchObject({
      code: 'workspace.would_lose_work',
    });
    await bench.workspaces.delete(made.id, { force: true, forget: false });
    expect(existsSync(made.directory ?? '')).toBe(false);
    expect(await bench.runtime.jobs.list(made.id)).toEqual([]);
    expect(bench.workspaces.list()).toEqual([]);
    expect(bench.terminals.list()).toEqual([]);
  });

  it('follows no link that a program put on the way', async () => {
    const { id: projectId } = await addShop();
    const made = await bench.make({ projectId });
    const directory = made.directory ?? '';
    const precious = path.join(bench.home, 'precious', path.basename(directory));
    await bench.runtime.files.write(path.join(precious, 'keep.txt'), Buffer.from('keep'));
    await bench.runtime.exec({
      script: `mv '${path.dirname(directory)}' '${bench.home}/moved' && ln -s '${path.dirname(precious)}' '${path.dirname(directory)}'`,
    });
    await expect(bench.workspaces.delete(made.id, { force: true, forget: false })).rejects.toMatchObject({
      code: 'file.outside_workspace',
    });
    expect(existsSync(path.join(precious, 'keep.txt'))).toBe(true);
  });

  it('wants the loss confirmed, then keeps the deletion, where the host is out of reach; forgets when asked to', async () => {
    const { FarhandError } = await import('@farhand/shared/errors/farhand-error');
    const made = await bench.make({ projectId: (await addShop()).id });
    const unreachable = async () => {
      throw new FarhandError('host.unreachable');
    };
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      exec: unreachable,
      jobs: { ...runtime.jobs, list: unreachable },
    }));
    expect(await bench.workspaces.losses(made.id)).toMatchObject({ reachable: false });
    await expect(bench.workspaces.delete(made.id, { force: false, forget: false })).rejects.toMatchObject({
      code: 'workspace.would_lose_work',
      details: { reachable: false },
    });
    expect(bench.workspaces.get(made.id).state).toBe('ready');
    await bench.workspaces.delete(made.id, { force: true, forget: false });
    expect(bench.workspaces.get(made.id)).toMatchObject({ state: 'deleting', isWaitingForHost: true });
    await bench.workspaces.delete(made.id, { force: false, forget: true });
    expect(bench.workspaces.list()).toEqual([]);
    expect(existsSync(made.directory ?? '')).toBe(true);
    bench.replaceRuntime(null);
    bench.hostTasks.resumeAll();
    await expect.poll(() => existsSync(made.directory ?? '')).toBe(false);
  });
});
