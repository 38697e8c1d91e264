import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from '../testing/bench.ts';
import type { TestRepository } from '../testing/repository.ts';

let bench: Bench;
let shop: TestRepository;
let projectId: ProjectId;

beforeEach(async () => {
  bench = openBench({ workspaces: { retrieval: { maxBytes: 4 * 1024 ** 2 } } });
  shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.write('src/cart.ts', 'export const total = 1;\n');
  shop.commit('first');
  ({ id: projectId } = await bench.projects.add(shop.path));
});
afterEach(() => bench.close());

const run = async ({ directory }: Workspace, script: string) => {
  const { outcome, stderr } = await bench.runtime.exec({ script }, { cwd: directory ?? '' });
  expect(outcome, new TextDecoder().decode(stderr)).toEqual({ kind: 'exited', code: 0 });
};
const everything = () => ({
  refs: shop.git('for-each-ref').split('\n'),
  status: shop.git('status', '--porcelain'),
  head: shop.git('symbolic-ref', 'HEAD'),
});

describe('fetching a workspace back', () => {
  it('brings its commits as a ref of ours and touches nothing else', async () => {
    const made = await bench.make({ projectId });
    const before = everything();
    await run(
      made,
      'echo total >>src/cart.ts; git commit -qam one; echo x >n; git add n; git commit -qm two',
    );
    const fetched = await bench.workspaces.fetch(made.id);
    expect(fetched).toEqual({
      ref: 'refs/farhand/fix-checkout',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      commits: 2,
    });
    const after = everything();
    expect(after.refs).toEqual(
      [...before.refs, `${fetched.commit} commit\trefs/farhand/fix-checkout`].toSorted((a, b) =>
        a.slice(41) < b.slice(41) ? -1 : 1,
      ),
    );
    expect({ ...after, refs: null }).toEqual({ ...before, refs: null });
    expect(shop.git('log', '--format=%s', 'refs/farhand/fix-checkout')).toBe('two\none\nfirst');
    expect(readdirSync(path.join(shop.path, '.git'))).not.toContain('FETCH_HEAD');
    expect(readdirSync(path.join(bench.folder, 'scratch'))).toEqual([]);
    expect(await bench.workspaces.fetch(made.id)).toEqual(fetched);
  });

  it('keeps what was brought before when the history was rewritten since', async () => {
    const made = await bench.make({ projectId });
    await run(made, 'git commit -q --allow-empty -m draft');
    const first = await bench.workspaces.fetch(made.id);
    await run(made, 'git commit -q --amend --allow-empty -m final');
    const second = await bench.workspaces.fetch(made.id);
    expect(shop.git('rev-parse', second.ref)).toBe(second.commit);
    expect(shop.git('rev-parse', `${second.ref}-${first.commit.slice(0, 12)}`)).toBe(first.commit);
  });

  it('gives workspaces whose names are spelled alike refs of their own', async () => {
    const made = await bench.make({ projectId });
    const other = await bench.make({ projectId, name: 'Fix: checkout!' });
    const refs = [(await bench.workspaces.fetch(made.id)).ref, (await bench.workspaces.fetch(other.id)).ref];
    expect(refs).toEqual([made, other].map(({ id }) => `refs/farhand/fix-checkout-${id.slice(-6)}`));
  });

  it('brings the tree-only one as a history of its own', async () => {
    const made = await bench.make({ projectId, transfer: 'tree_only' });
    await run(made, 'git commit -q --allow-empty -m work');
    const { ref, commits } = await bench.workspaces.fetch(made.id);
    expect(shop.git('rev-list', '--count', ref)).toBe('2');
    expect(commits).toBe(2);
    expect(shop.git('diff', '--stat', 'main', ref)).toBe('');
  });

  it('brings commits into a shallow repository', async () => {
    shop.commit('second');
    const shallow = path.join(bench.folder, 'shallow');
    shop.git('clone', '-q', '--depth', '1', `file://${shop.path}`, shallow);
    const { id } = await bench.projects.add(shallow);
    const made = await bench.make({ projectId: id });
    await run(made, 'git -c user.name=a -c user.email=a@b commit -q --allow-empty -m work');
    expect(await bench.workspaces.fetch(made.id)).toMatchObject({ commits: 1 });
    await bench.workspaces.archive(made.id);
    bench.workspaces.restore(made.id);
    const restored = await bench.until(made.id, ({ state }) => state !== 'creating');
    expect(outcomeOf(restored)).toBe('ready');
    expect(await bench.workspaces.fetch(made.id)).toMatchObject({ commits: 1 });
  });

  it('stops a host that sends more than is taken', async () => {
    const made = await bench.make({ projectId });
    await run(made, 'head -c 9000000 /dev/urandom >big; git add big; git commit -qm big');
    const before = everything();
    await expect(bench.workspaces.fetch(made.id)).rejects.toMatchObject({
      code: 'workspace.fetch_refused',
      message: expect.stringContaining('sent more than 4.2 MB'),
    });
    expect(everything()).toEqual(before);
    expect(readdirSync(path.join(bench.folder, 'scratch'))).toEqual([]);
  });

  it('is refused where the folder is gone or the workspace archived', async () => {
    const made = await bench.make({ projectId });
    await bench.workspaces.archive(made.id);
    await expect(bench.workspaces.fetch(made.id)).rejects.toMatchObject({ code: 'workspace.archived' });
  });
});
