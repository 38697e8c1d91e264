import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from '../testing/bench.ts';
import type { TestRepository } from '../testing/repository.ts';

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

describe('.farhand/init', () => {
  const INIT =
    '#!/bin/sh\necho "token is $TOKEN"\necho to stderr >&2\ntest -e ok.txt || { echo not ok; exit 3; }\n';

  it('runs on the host with the secrets, shows its redacted output, and is retried', async () => {
    shop.write('.farhand/init', INIT);
    shop.commit('init');
    const { id: projectId } = await addShop();
    bench.secrets.set({ kind: 'project', projectId }, 'TOKEN', 'canary-7731-value');
    const failed = await bench.make({ projectId });
    expect(failed.steps[4]).toMatchObject({ state: 'failed', error: { code: 'workspace.init_failed' } });
    expect(failed.steps[4]?.output).toBe('token is [secret TOKEN]\nto stderr\nnot ok\n');
    const { outcome } = await bench.runtime.exec(
      { argv: ['grep', '-r', 'canary-7731', '.'] },
      { cwd: path.join(bench.home, '.farhand/workspaces') },
    );
    expect(outcome).toEqual({ kind: 'exited', code: 1 });
    writeFileSync(path.join(failed.directory ?? '', 'ok.txt'), '');
    bench.workspaces.retry(failed.id);
    const made = await bench.until(failed.id, ({ state }) => state !== 'creating');
    expect(outcomeOf(made)).toBe('ready');
    expect(await bench.runtime.jobs.list(made.id)).toEqual([]);
  });
});
