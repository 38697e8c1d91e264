import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from './testing/bench.ts';
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
const onHost = async ({ directory }: Workspace, ...args: string[]) => {
  const { stdout } = await bench.runtime.exec({ argv: ['git', ...args] }, { cwd: directory ?? '' });
  return new TextDecoder().decode(stdout).trim();
};
const stepsOf = (workspace: Workspace) => workspace.steps.map(({ name, state }) => `${name} ${state}`);

describe('creating a workspace', () => {
  it('sends the branch, checks it out under a branch of its own, and says what it did', async () => {
    const tip = shop.git('rev-parse', 'HEAD');
    const { id: projectId } = await addShop();
    const made = await bench.make({ projectId });
    expect(outcomeOf(made)).toBe('ready');
    expect(made).toMatchObject({
      branch: 'fix-checkout',
      baseCommit: tip,
      directory: expect.stringMatching(/\/\.farhand\/workspaces\/shop\/fix-checkout-[a-z2-7]{6}$/),
    });
    expect(stepsOf(made)).toEqual([
      'connect done',
      'prepare done',
      'send done',
      'checkout done',
      'setup skipped',
    ]);
    expect(made.steps[2]?.detail).toMatch(/B in \d+ ms$/);
    expect(await onHost(made, 'rev-parse', 'HEAD')).toBe(tip);
    expect(await onHost(made, 'branch', '--format=%(refname:short)')).toBe('fix-checkout');
    expect(await onHost(made, 'status', '--porcelain')).toBe('');
    expect(readFileSync(path.join(made.directory ?? '', 'src/cart.ts'), 'utf8')).toBe(
      'export const total = 1;\n',
    );
  });

  it('sends no other branch, tag, stash, remote or hook, and of the config only who commits', async () => {
    shop.git('tag', 'v1');
    shop.git('config', 'remote.origin.url', 'https://canary-token@example.org/shop.git');
    shop.git('checkout', '-q', '-b', 'secret-plan');
    shop.write('plan.txt', 'plan\n');
    const plan = shop.commit('plan');
    shop.git('checkout', '-q', 'main');
    const made = await bench.make({ projectId: (await addShop()).id });
    const git = path.join(made.directory ?? '', '.git');
    expect(await onHost(made, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/fix-checkout');
    expect(existsSync(path.join(git, 'hooks'))).toBe(false);
    const config = readFileSync(path.join(git, 'config'), 'utf8');
    expect(config).not.toContain('canary-token');
    expect(config).toContain('ada@example.org');
    const { outcome } = await bench.runtime.exec(
      { argv: ['git', 'cat-file', '-e', plan] },
      { cwd: made.directory ?? '' },
    );
    expect(outcome).not.toEqual({ kind: 'exited', code: 0 });
  });

  it('keeps its objects apart from those of others', async () => {
    const { id: projectId } = await addShop();
    const [one, two] = [
      await bench.make({ projectId, name: 'one' }),
      await bench.make({ projectId, name: 'two' }),
    ];
    const inodes = (workspace: Workspace) => {
      const folder = path.join(workspace.directory ?? '', '.git/objects/pack');
      return readdirSync(folder).map((name) => statSync(path.join(folder, name)).ino);
    };
    expect(inodes(one).filter((inode) => inodes(two).includes(inode))).toEqual([]);
    expect(existsSync(path.join(one.directory ?? '', '.git/objects/info/alternates'))).toBe(false);
  });

  it('sends nothing the second time, and needs at most five round trips up to the first command', async () => {
    const { id: projectId } = await addShop();
    await bench.make({ projectId, name: 'one' });
    const before = bench.execs();
    const two = await bench.make({ projectId, name: 'two' });
    await onHost(two, 'status');
    expect(bench.execs() - before).toBeLessThanOrEqual(3);
    expect(two.steps[2]?.detail).toBe('nothing to send: the host has it');
  });

  it('sends only what is new when the branch has moved', async () => {
    shop.write(
      'big.bin',
      Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 31) & 255)),
    );
    shop.commit('big');
    const { id: projectId } = await addShop();
    await bench.make({ projectId, name: 'one' });
    shop.write('README.md', '# Shop two\n');
    const tip = shop.commit('second');
    const two = await bench.make({ projectId, name: 'two' });
    expect(await onHost(two, 'rev-parse', 'HEAD')).toBe(tip);
    expect(two.steps[2]?.detail).toMatch(/^\d+ B in/);
  });

  it('makes three at once', async () => {
    const { id: projectId } = await addShop();
    const made = await Promise.all(['a', 'b', 'c'].map((name) => bench.make({ projectId, name })));
    expect(made.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  });

  it('keeps names with spaces, newlines and bytes that are not UTF-8', async () => {
    shop.write('two words.txt', 'a\n');
    shop.write('line\nbreak.txt', 'b\n');
    shop.write(Buffer.from([0x63, 0x61, 0x66, 0xe9]), 'c\n');
    shop.write('--option', 'd\n');
    shop.commit('names');
    const made = await bench.make({ projectId: (await addShop()).id });
    const names = readdirSync(made.directory ?? '', { encoding: 'buffer' }).map((name) =>
      name.toString('latin1'),
    );
    expect(names).toEqual(
      expect.arrayContaining(['two words.txt', 'line\nbreak.txt', 'caf\xe9', '--option']),
    );
  });

  it('says that submodules stay empty and LFS files are pointers', async () => {
    const library = bench.repository('library');
    library.write('a.txt', 'a\n');
    library.commit('a');
    shop.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library.path, 'vendor/library');
    shop.write('.gitattributes', '*.psd filter=lfs diff=lfs merge=lfs -text\n');
    shop.commit('submodule');
    const made = await bench.make({ projectId: (await addShop()).id });
    expect(outcomeOf(made)).toBe('ready');
    expect(made.steps[3]?.detail).toContain('1 submodule stays empty');
    expect(made.steps[3]?.detail).toContain('LFS are pointers');
    expect((await bench.workspaces.changes(made.id)).files).toEqual([]);
  });

  it('sends the tree alone as one root commit, and the next one as a difference', async () => {
    shop.write('README.md', '# Two\n');
    shop.commit('second');
    const { id: projectId } = await addShop();
    const made = await bench.make({ projectId, name: 'one', transfer: 'tree_only' });
    expect(outcomeOf(made)).toBe('ready');
    expect(await onHost(made, 'rev-list', '--count', 'HEAD')).toBe('1');
    expect(await onHost(made, 'rev-parse', 'HEAD^{tree}')).toBe(shop.git('rev-parse', 'HEAD^{tree}'));
    expect(shop.git('fsck', '--no-reflogs', '--unreachable')).toBe('');
    const again = await bench.make({ projectId, name: 'two', transfer: 'tree_only' });
    expect(again.steps[2]?.detail).toBe('nothing to send: the host has it');
    shop.write('README.md', '# Three\n');
    shop.commit('third');
    const third = await bench.make({ projectId, name: 'three', transfer: 'tree_only' });
    expect(await onHost(third, 'rev-list', '--count', 'HEAD')).toBe('1');
    expect(readFileSync(path.join(third.directory ?? '', 'README.md'), 'utf8')).toBe('# Three\n');
  });

  it('brings uncommitted changes along without touching the checkout', async () => {
    shop.write('.gitignore', 'ignored.txt\n');
    shop.write('gone.txt', 'gone\n');
    shop.commit('more');
    shop.git('rm', '-q', '--cached', 'gone.txt');
    shop.git('checkout', '-q', 'HEAD', '--', 'gone.txt');
    shop.write('README.md', '# Changed\n');
    shop.git('add', 'README.md');
    shop.write('src/cart.ts', 'export const total = 2;\n');
    shop.write('new file.bin', Buffer.from([0, 1, 2, 255]));
    shop.write('ignored.txt', 'no\n');
    const before = { status: shop.git('status', '--porcelain=v2'), objects: shop.git('count-objects') };
    const made = await bench.make({ projectId: (await addShop()).id, transfer: 'history_and_changes' });
    expect(outcomeOf(made)).toBe('ready');
    expect({ status: shop.git('status', '--porcelain=v2'), objects: shop.git('count-objects') }).toEqual(
      before,
    );
    expect((await onHost(made, 'status', '--porcelain')).split('\n').map((line) => line.trim())).toEqual([
      'M README.md',
      'M src/cart.ts',
      '?? "new file.bin"',
    ]);
    expect(await onHost(made, 'diff', '--cached', '--name-only')).toBe('');
    expect(existsSync(path.join(made.directory ?? '', 'ignored.txt'))).toBe(false);
  });

  it('refuses what cannot be made before anything happens', async () => {
    const { id: projectId } = await addShop();
    shop.git('branch', 'other');
    await expect(bench.make({ projectId, branch: 'nope' })).rejects.toMatchObject({
      code: 'project.branch_not_found',
    });
    await expect(bench.make({ projectId, branch: 'main~0' })).rejects.toMatchObject({
      code: 'project.branch_not_found',
    });
    await expect(bench.make({ projectId, host: '-oProxyCommand=x' })).rejects.toMatchObject({
      code: 'host.invalid_name',
    });
    await expect(
      bench.make({ projectId, branch: 'other', transfer: 'history_and_changes' }),
    ).rejects.toMatchObject({ code: 'request.invalid' });
    await bench.make({ projectId });
    await expect(bench.make({ projectId })).rejects.toMatchObject({ code: 'workspace.name_taken' });
    expect(bench.workspaces.list()).toHaveLength(1);
  });
});
