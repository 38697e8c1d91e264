import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../workspaces/testing/bench.ts';
import type { TestRepository } from '../workspaces/testing/repository.ts';

let bench: Bench;
let shop: TestRepository;

beforeEach(() => {
  bench = openBench();
  shop = bench.repository();
  shop.write('src/a.txt', 'a\n');
  shop.commit('first');
});
afterEach(() => bench.close());

const codeOf = (source: string) =>
  bench.projects.add(source).then(
    () => 'added',
    (error: { code: string }) => error.code,
  );

describe('adding a path', () => {
  it('takes the top level of the repository, and the same one twice gives the same project', async () => {
    const added = await bench.projects.add(path.join(shop.path, 'src'));
    expect(added).toMatchObject({ name: 'shop', path: shop.path, url: null, defaultBranch: 'main' });
    expect((await bench.projects.add(`${shop.path}/`)).id).toBe(added.id);
    expect(bench.projects.list()).toHaveLength(1);
  });

  it('takes bare repositories and linked worktrees', async () => {
    shop.git('branch', 'other');
    shop.git('clone', '-q', '--bare', shop.path, path.join(bench.folder, 'bare.git'));
    shop.git('worktree', 'add', '-q', path.join(bench.folder, 'tree'), 'other');
    const bare = await bench.projects.add(path.join(bench.folder, 'bare.git'));
    expect(bare).toMatchObject({ name: 'bare', defaultBranch: 'main' });
    const tree = await bench.projects.add(path.join(bench.folder, 'tree'));
    expect(await bench.projects.branches(tree.id)).toEqual({ branches: ['main', 'other'], current: 'other' });
    expect((await bench.make({ projectId: bare.id })).state).toBe('ready');
    expect((await bench.make({ projectId: tree.id, branch: 'other' })).state).toBe('ready');
  });

  it('tells names apart that are the same', async () => {
    await bench.projects.add(shop.path);
    const other = bench.repository('work/shop');
    other.commit('first');
    expect((await bench.projects.add(other.path)).name).toBe('shop 2');
  });

  it('says what is wrong with what cannot be added', async () => {
    mkdirSync(path.join(bench.folder, 'plain'));
    bench.repository('empty');
    expect(await codeOf(path.join(bench.folder, 'nowhere'))).toBe('project.path_missing');
    expect(await codeOf(path.join(shop.path, 'src/a.txt'))).toBe('project.path_missing');
    expect(await codeOf(path.join(bench.folder, 'plain'))).toBe('project.not_a_repository');
    expect(await codeOf(path.join(bench.folder, 'empty'))).toBe('project.empty');
    expect(await codeOf('relative/path')).toBe('request.invalid');
  });
});

describe('adding a URL', () => {
  it('clones all branches, follows them, and is deleted with the project', async () => {
    const url = `file://${shop.path}`;
    const added = await bench.projects.add(url);
    expect(added).toMatchObject({
      name: 'shop',
      url,
      path: realpathSync(path.join(bench.folder, 'data/repositories', added.id)),
    });
    expect((await bench.projects.add(url)).id).toBe(added.id);
    shop.git('checkout', '-q', '-b', 'later');
    shop.write('b.txt', 'b\n');
    const tip = shop.commit('later');
    const made = await bench.make({ projectId: added.id, branch: 'later' });
    expect(made.baseCommit).toBe(tip);
    await expect(bench.projects.remove(added.id)).rejects.toMatchObject({ code: 'project.in_use' });
    await bench.workspaces.delete(made.id, { force: true, forget: false });
    await bench.projects.remove(added.id);
    expect(existsSync(added.path)).toBe(false);
    expect(bench.projects.list()).toEqual([]);
  });

  it('leaves nothing behind when it fails, and shows no credentials', async () => {
    const error = await bench.projects
      .add(`file://${bench.folder}/nothing.git`)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'project.clone_failed' });
    const remote = await bench.projects
      .add('http://ada:canary-pass@127.0.0.1:9/shop.git')
      .catch((thrown: unknown) => thrown);
    expect(remote).toMatchObject({ code: 'project.clone_failed' });
    expect(JSON.stringify(remote)).not.toContain('canary-pass');
    expect(execFileSync('ls', [path.join(bench.folder, 'data/repositories')], { encoding: 'utf8' })).toBe('');
  });

  it.each([
    'ext::sh -c touch% x',
    '--upload-pack=x',
    '-u',
    'fd::17',
    'ssh://-oProxyCommand=x/y',
    'javascript://x/y',
    'https://',
    'a\nb',
  ])('refuses %j', async (source) => {
    expect(await codeOf(source)).toBe('request.invalid');
  });
});
