/** Git looks into a repository inside of another by a git that obeys the inner one's config: ours must not let it. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTree, type TestTree } from '../checkpoints/testing/tree.ts';
import { countDiff, readTree } from '../comparisons/diff-count.ts';
import { readChanges } from './changes.ts';
import { readDiff } from './diff.ts';
import { type Bench, openBench } from './testing/bench.ts';

/** Makes `inner` in this folder, a repository whose every look runs a program that makes the file `mark`. */
function trap(git: (...args: string[]) => string, directory: string, mark: string): void {
  const inner = path.join(directory, 'inner');
  mkdirSync(inner);
  git('init', '-q', 'inner');
  writeFileSync(path.join(inner, 'file'), '1');
  writeFileSync(path.join(inner, '.gitattributes'), '* filter=x\n');
  git('-C', 'inner', 'add', '-A');
  git('-C', 'inner', 'commit', '-qm', 'inner');
  git('add', 'inner');
  git('commit', '-qm', 'with another inside');
  git('-C', 'inner', 'config', 'filter.x.clean', `touch '${mark}'; cat`);
  writeFileSync(path.join(inner, 'file'), '2');
}

describe('a repository inside of a workspace', () => {
  let tree: TestTree;
  let mark: string;
  beforeEach(() => {
    tree = makeTree();
    mark = path.join(tree.folder, 'ran');
    trap(tree.git, tree.directory, mark);
  });
  afterEach(() => tree.close());

  it('is looked at by its commit alone, for changes, a diff, a comparison', async () => {
    const { runtime, directory } = tree;
    const baseCommit = tree.git('rev-parse', 'HEAD').trim();
    const place = { runtime, directory, baseCommit, lane: 'test' };
    const start = await readTree(place);
    expect(await countDiff(place, start)).toMatchObject({ files: 0 });
    tree.git('config', 'diff.submodule', 'diff');
    expect(existsSync(mark)).toBe(false);
    tree.git('-C', 'inner', 'commit', '-q', '--allow-empty', '-m', 'moved');
    rmSync(mark, { force: true });
    expect((await readChanges(place)).files.map((file) => file.path)).toEqual(['inner']);
    expect((await readDiff(place, 'inner', null)).patch).toMatch(
      /^-Subproject commit .*\n\+Subproject commit /m,
    );
    expect(await countDiff(place, start)).toMatchObject({ files: 1 });
    expect(await readTree(place)).not.toBe(start);
    expect(existsSync(mark)).toBe(false);
    // The trap is a live one.
    tree.git('status');
    expect(existsSync(mark)).toBe(true);
  });
});

describe('an archive with a repository inside', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
  });
  afterEach(() => bench.close());

  it('is made without a program of that one, and refused where its commit is another one', async () => {
    const shop = bench.repository();
    shop.write('README.md', '# Shop\n');
    shop.commit('first');
    const { id: projectId } = await bench.projects.add(shop.path);
    const made = await bench.make({ projectId });
    const directory = made.directory ?? '';
    const mark = path.join(bench.folder, 'ran');
    const who = ['-c', 'user.name=T', '-c', 'user.email=t@localhost'];
    const git = (...args: string[]) => shop.git(...who, '-C', directory, ...args);
    trap(git, directory, mark);
    git('-C', 'inner', 'commit', '-q', '--allow-empty', '-m', 'moved');
    rmSync(mark, { force: true });
    await expect(bench.workspaces.archive(made.id)).rejects.toMatchObject({
      code: 'workspace.archive_refused',
      message: expect.stringContaining('inner'),
    });
    expect(existsSync(mark)).toBe(false);
    git('-C', 'inner', 'reset', '-q', '--soft', 'HEAD~');
    rmSync(mark, { force: true });
    expect((await bench.workspaces.archive(made.id)).state).toBe('archived');
    expect(existsSync(mark)).toBe(false);
  });
});
