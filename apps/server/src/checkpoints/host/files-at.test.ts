import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTree, mutate, randomFrom, readTree, type TestTree } from '../testing/tree.ts';
import { applyMoment, CHECKPOINT_LIMITS, compareMoments, takeMoment } from './files-at.ts';

const session = newId('session');
let tree: TestTree;

beforeEach(() => {
  tree = makeTree();
});
afterEach(() => tree.close());

const take = (ref: string | null = `${session}/${newId('turn')}`, limits = {}) =>
  takeMoment(tree, { ref, live: [session], old: [], limits: { ...CHECKPOINT_LIMITS, ...limits } });

async function rewind(past: Awaited<ReturnType<typeof take>>, isWhole = true) {
  const now = await take(null);
  return applyMoment(tree, { now, past, isWhole });
}

const write = (name: string, content: string) => {
  const file = path.join(tree.directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
};

describe('takeMoment and applyMoment', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    'puts back a random tree byte for byte (seed %i)',
    async (seed) => {
      const random = randomFrom(seed);
      write('.gitignore', '*.log\nignored/\n');
      write('sub/.gitignore', '!a.log\n/deep/b\n');
      for (let count = 0; count < 40; count += 1) mutate(tree.directory, random);
      if (seed % 2) tree.git('add', '-A');
      if (seed % 3 === 0) tree.git('commit', '-qm', 'second', '--allow-empty');
      for (let count = 0; count < 15; count += 1) mutate(tree.directory, random);
      const [before, index, head] = [tree.read(), tree.index(), tree.git('rev-parse', 'HEAD')];
      const past = await take();
      expect(past.left).toEqual([]);
      for (let count = 0; count < 40; count += 1) mutate(tree.directory, random);
      if (seed % 2 === 0) tree.git('add', '-A');
      if (seed % 4 === 0) tree.git('commit', '-qm', 'third', '--allow-empty');
      const changed = tree.read();
      const undo = await take();
      await applyMoment(tree, { now: undo, past, isWhole: true });
      expect(tree.read()).toEqual(before);
      expect(tree.index()).toBe(index);
      expect(tree.git('rev-parse', 'HEAD')).toBe(head);
      // And back again.
      await rewind(undo);
      expect(tree.read()).toEqual(changed);
    },
  );

  it('touches nothing of the person’s repository when it looks', async () => {
    write('first.txt', 'staged\n');
    tree.git('add', '-A');
    write('first.txt', 'changed\n');
    const look = () => ({
      index: readFileSync(path.join(tree.directory, '.git/index')),
      head: readFileSync(path.join(tree.directory, '.git/HEAD'), 'utf8'),
      reflog: tree.git('reflog'),
      branches: tree.git('for-each-ref', 'refs/heads', 'refs/tags', 'refs/stash'),
      log: tree.git('log', '--all', '--format=%H'),
      status: tree.git('--no-optional-locks', 'status', '--porcelain'),
    });
    const before = look();
    await take();
    expect(look()).toEqual(before);
    expect(tree.git('for-each-ref', 'refs/farhand').split('\n')).toHaveLength(3);
    expect(existsSync(path.join(tree.directory, '.git/logs/refs/farhand'))).toBe(false);
  });

  it('leaves commit, branch and index alone where they are as they were', async () => {
    const past = await take();
    write('first.txt', 'changed\n');
    const look = () => [
      tree.git('reflog'),
      readFileSync(path.join(tree.directory, '.git/HEAD'), 'utf8'),
      tree.index(),
    ];
    const before = look();
    expect(await rewind(past)).toEqual({ files: 1, left: [] });
    expect(look()).toEqual(before);
    expect(readFileSync(path.join(tree.directory, 'first.txt'), 'utf8')).toBe('first\n');
  });

  it('puts back a branch that was left, its commits, and what was staged', async () => {
    write('staged.txt', 'staged\n');
    tree.git('add', '-A');
    const [past, index, head] = [await take(), tree.index(), tree.git('rev-parse', 'HEAD')];
    tree.git('commit', '-qam', 'of the agent');
    tree.git('checkout', '-qb', 'other');
    const made = tree.git('rev-parse', 'HEAD');
    const now = await take();
    expect((await compareMoments(tree, { now, past, others: [] })).lost).toBe(1);
    await applyMoment(tree, { now, past, isWhole: true });
    expect(tree.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main\n');
    expect(tree.git('rev-parse', 'HEAD')).toBe(head);
    expect(tree.index()).toBe(index);
    // The undo point keeps what the branch lost.
    await rewind(now);
    expect(tree.git('rev-parse', 'HEAD')).toBe(made);
    expect(tree.git('symbolic-ref', 'HEAD')).toBe('refs/heads/other\n');
  });

  it('works where nothing is committed yet', async () => {
    tree.git('checkout', '-q', '--orphan', 'new');
    write('a', '1');
    const [past, index] = [await take(), tree.index()];
    expect(past.head).toBeNull();
    tree.git('add', '-A');
    tree.git('commit', '-qm', 'x');
    write('a', '2');
    await rewind(past);
    expect(() => tree.git('rev-parse', '--verify', 'HEAD')).toThrow('Needed a single revision');
    expect(tree.index()).toBe(index);
    expect(readFileSync(path.join(tree.directory, 'a'), 'utf8')).toBe('1');
  });

  it('puts back a merge that was under way, conflict and all', async () => {
    tree.git('checkout', '-qb', 'side');
    write('first.txt', 'side\n');
    tree.git('commit', '-qam', 'side');
    tree.git('checkout', '-q', 'main');
    write('first.txt', 'main\n');
    tree.git('commit', '-qam', 'main');
    expect(() => tree.git('merge', 'side')).toThrow('Command failed');
    const [past, index, files] = [await take(), tree.index(), tree.read()];
    expect(past.staged).toBeNull();
    tree.git('merge', '--abort');
    await rewind(past);
    expect(tree.index()).toBe(index);
    expect(tree.read()).toEqual(files);
    expect(tree.git('rev-parse', 'MERGE_HEAD')).toBe(tree.git('rev-parse', 'side'));
    tree.git('merge', '--abort');
    expect(tree.read().get('first.txt')).toContain('main');
  });

  it('keeps ignored files that are small, and leaves alone what is too much', async () => {
    write('.gitignore', '.env\nnode_modules/\nbuild/\nbig.bin\n');
    write('.env', 'KEY=1');
    chmodSync(path.join(tree.directory, '.env'), 0o600);
    write('build/out.js', 'out');
    write('big.bin', 'x'.repeat(2 * 1024 * 1024));
    for (let count = 0; count < 502; count += 1) write(`node_modules/p/${count}.js`, '');
    const past = await take();
    expect(past.left).toEqual(['big.bin', 'node_modules/']);
    rmSync(path.join(tree.directory, '.env'));
    write('build/out.js', 'other');
    write('build/more.js', 'more');
    write('node_modules/p/0.js', 'changed');
    write('big.bin', 'small now');
    const { left } = await rewind(past);
    expect(left).toEqual(['big.bin']);
    expect(readFileSync(path.join(tree.directory, '.env'), 'utf8')).toBe('KEY=1');
    expect(statSync(path.join(tree.directory, '.env')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(tree.directory, 'build/out.js'), 'utf8')).toBe('out');
    expect(existsSync(path.join(tree.directory, 'build/more.js'))).toBe(false);
    expect(readFileSync(path.join(tree.directory, 'node_modules/p/0.js'), 'utf8')).toBe('changed');
    expect(readFileSync(path.join(tree.directory, 'big.bin'), 'utf8')).toBe('small now');
  });

  it('names files that are too large and repositories of their own, and never removes them', async () => {
    write('large.dat', 'x'.repeat(3000));
    mkdirSync(path.join(tree.directory, 'inner'));
    tree.git('init', '-q', 'inner');
    write('inner/file', 'inner');
    mkdirSync(path.join(tree.directory, 'second'));
    tree.git('init', '-q', 'second');
    write('second/file', '1');
    tree.git('-C', 'second', 'add', '-A');
    tree.git('-C', 'second', 'commit', '-qm', 'second');
    const past = await take(undefined, { fileBytes: 2000 });
    expect(past.left).toEqual(['inner/', 'large.dat', 'second/']);
    write('large.dat', 'small');
    write('second/file', '2');
    await rewind(past);
    expect(readFileSync(path.join(tree.directory, 'large.dat'), 'utf8')).toBe('small');
    expect(readFileSync(path.join(tree.directory, 'second/file'), 'utf8')).toBe('2');
    expect(readFileSync(path.join(tree.directory, 'inner/file'), 'utf8')).toBe('inner');
  });

  it('writes nothing outside where a folder has become a symlink', async () => {
    write('dir/kept', 'inside');
    write('dir/gone', 'inside');
    const past = await take();
    const outside = path.join(tree.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'kept'), 'outside');
    rmSync(path.join(tree.directory, 'dir'), { recursive: true });
    symlinkSync(outside, path.join(tree.directory, 'dir'));
    const before = readTree(outside);
    await rewind(past);
    expect(readTree(outside)).toEqual(before);
    expect(tree.read().get('dir/kept')).toBe('644 inside');
  });

  it('writes nothing where a folder becomes a symlink after it was looked at', async () => {
    write('dir/kept', 'one');
    const past = await take();
    write('dir/kept', 'two');
    const now = await take(null);
    const outside = path.join(tree.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'kept'), 'outside');
    rmSync(path.join(tree.directory, 'dir'), { recursive: true });
    symlinkSync(outside, path.join(tree.directory, 'dir'));
    await expect(applyMoment(tree, { now, past, isWhole: true })).rejects.toMatchObject({
      code: 'checkpoint.failed',
    });
    expect(readTree(outside)).toEqual(new Map([['kept', expect.stringContaining('outside')]]));
  });

  it('refuses as a whole where a file changed after it was looked at', async () => {
    write('a', '1');
    write('b', '1');
    const past = await take();
    write('a', '2');
    write('b', '2');
    const now = await take(null);
    write('b', 'by hand');
    await expect(applyMoment(tree, { now, past, isWhole: true })).rejects.toMatchObject({
      code: 'checkpoint.failed',
    });
    expect(readFileSync(path.join(tree.directory, 'a'), 'utf8')).toBe('2');
    expect(existsSync(path.join(tree.directory, '.git/index.lock'))).toBe(false);
  });

  it('runs no program of the repository’s config, and no filter', async () => {
    const mark = path.join(tree.folder, 'ran');
    for (const key of [
      'core.fsmonitor',
      'filter.x.clean',
      'filter.x.smudge',
      'filter.x.process',
      'core.sshCommand',
      'core.pager',
      'diff.x.textconv',
      'diff.external',
    ])
      tree.git('config', key, `touch ${mark}; cat`);
    mkdirSync(path.join(tree.directory, '.git/hooks'), { recursive: true });
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-commit'])
      writeFileSync(path.join(tree.directory, '.git/hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, {
        mode: 0o755,
      });
    write('.gitattributes', '* filter=x diff=x text eol=crlf ident\n');
    write('a', '$Id$\nlines\n');
    const [past, before] = [await take(), tree.read()];
    write('a', 'other\n');
    const now = await take();
    await compareMoments(tree, { now, past, others: [] });
    await applyMoment(tree, { now, past, isWhole: true });
    expect(tree.read()).toEqual(before);
    expect(existsSync(mark)).toBe(false);
  });

  it('removes what is old, and what is kept for sessions that are gone', async () => {
    const gone = newId('session');
    await takeMoment(tree, {
      ref: `${gone}/${newId('turn')}`,
      live: [gone],
      old: [],
      limits: CHECKPOINT_LIMITS,
    });
    const old = `${session}/${newId('turn')}`;
    await take(old);
    expect(tree.git('for-each-ref', 'refs/farhand')).toContain(old);
    const fresh = `${session}/${newId('turn')}`;
    await takeMoment(tree, { ref: fresh, live: [session], old: [old], limits: CHECKPOINT_LIMITS });
    const refs = tree.git('for-each-ref', '--format=%(refname)', 'refs/farhand').trim().split('\n');
    expect(refs).toEqual([`refs/farhand/checkpoints/${fresh}`, `refs/farhand/checkpoints/${fresh}.head`]);
  });

  it('survives git’s own clearing up', async () => {
    write('untracked', 'kept\n');
    const past = await take();
    rmSync(path.join(tree.directory, 'untracked'));
    tree.git('reflog', 'expire', '--expire=now', '--all');
    tree.git('gc', '-q', '--prune=now');
    await rewind(past);
    expect(readFileSync(path.join(tree.directory, 'untracked'), 'utf8')).toBe('kept\n');
    expect(tree.git('fsck', '--no-dangling')).toBe('');
  });
});
