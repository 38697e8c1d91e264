/** What a workspace may hold to lead a checkpoint astray, or out of itself. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENTER_WORKSPACE, runScript, SAFE_GIT } from '../../workspaces/host-script.ts';
import { makeTree, readTree, type TestTree } from '../testing/tree.ts';
import { applyMoment, CHECKPOINT_LIMITS, takeMoment } from './files-at.ts';

const session = newId('session');
/** Nothing is waited for until a limit ends it. */
const SOON = { timeoutMs: 20_000 };
let tree: TestTree;
let outside: string;

beforeEach(() => {
  tree = makeTree();
  outside = path.join(tree.folder, 'outside');
  mkdirSync(outside);
});
afterEach(() => tree.close());

const at = (name: string) => path.join(tree.directory, name);
const take = (limits: object = {}, ref: string | null = `${session}/${newId('turn')}`) =>
  takeMoment(tree, {
    ref,
    live: [session],
    old: [],
    limits: { ...CHECKPOINT_LIMITS, ...SOON, ...limits },
  });
async function rewind(past: Awaited<ReturnType<typeof take>>, limits: object = {}) {
  const now = await take(limits, null);
  return applyMoment(tree, { now, past, isWhole: true });
}
const write = (name: string, content: string) => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
};
const link = (name: string, target: string) => {
  rmSync(at(name), { recursive: true, force: true });
  symlinkSync(target, at(name));
};
const fifo = (name: string) => {
  rmSync(at(name), { recursive: true, force: true });
  execFileSync('mkfifo', [at(name)]);
};

describe('a checkpoint of a workspace that means harm', () => {
  it.each(['of its own', 'a submodule'])('runs no program of a repository inside, %s', async (kind) => {
    const mark = path.join(tree.folder, 'ran');
    tree.git('init', '-q', 'inner');
    write('inner/file', '1');
    tree.git('-C', 'inner', 'add', '-A');
    tree.git('-C', 'inner', 'commit', '-qm', 'inner');
    if (kind === 'a submodule') {
      write('.gitmodules', '[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n\tignore = none\n');
      tree.git('add', '.');
      tree.git('submodule', '-q', 'absorbgitdirs');
    }
    tree.git('-C', 'inner', 'config', 'core.fsmonitor', `touch '${mark}'; false`);
    tree.git('-C', 'inner', 'config', 'filter.x.clean', `touch '${mark}'; cat`);
    write('inner/.gitattributes', '* filter=x\n');
    const past = await take();
    // The index that was kept lies in the workspace: what is in it may be made up.
    const kept = '.git/farhand-checkpoint/index';
    const index = { ...process.env, GIT_INDEX_FILE: at(kept) };
    execFileSync('git', ['add', 'inner'], { cwd: tree.directory, env: index, stdio: 'ignore' });
    rmSync(mark, { force: true });
    write('inner/file', '2');
    write('new', 'x');
    expect(past.left).toEqual(['inner/']);
    await rewind(past);
    expect(existsSync(mark)).toBe(false);
    expect([existsSync(at('new')), readFileSync(at('inner/file'), 'utf8')]).toEqual([false, '2']);
    // The trap is a live one.
    tree.git('-C', 'inner', 'status');
    expect(existsSync(mark)).toBe(true);
  });

  it('takes no hook from the repository’s config, which newer git has', async () => {
    tree.git('config', 'hook.evil.command', 'touch ran');
    tree.git('config', 'hook.evil.event', 'reference-transaction');
    tree.git('config', '--add', 'hook.evil.event', 'post-index-change');
    const text = `${SAFE_GIT}${ENTER_WORKSPACE}\nw config --get-all hook.evil.event; w config hook.reference-transaction.enabled`;
    const { stdout } = await runScript(tree.runtime, { text, args: [tree.directory] });
    // An empty one takes back those before it.
    expect(new TextDecoder().decode(stdout)).toBe('reference-transaction\npost-index-change\n\nfalse\n');
  });

  it.each(['worktree', 'bare'])('stays in its folder whatever core.%s says', async (key) => {
    write('kept', '1');
    const past = await take();
    tree.git('config', `core.${key}`, key === 'bare' ? 'true' : outside);
    writeFileSync(path.join(outside, 'kept'), 'outside');
    write('kept', '2');
    const before = readTree(outside);
    await rewind(past);
    expect(readFileSync(at('kept'), 'utf8')).toBe('1');
    expect(readTree(outside)).toEqual(before);
  });

  it.each(['.git/farhand-checkpoint/index', '.git/farhand-checkpoint/full'])(
    'moves nothing out by the link %s, and works on',
    async (name) => {
      write('a', '1');
      const past = await take();
      link(name, outside);
      write('a', '2');
      await rewind(past);
      expect(readTree(outside).size).toBe(0);
      expect(readFileSync(at('a'), 'utf8')).toBe('1');
    },
  );

  it('puts no index into the folder that .git/index links to', async () => {
    write('staged', '1');
    tree.git('add', '-A');
    const past = await take();
    tree.git('rm', '-q', '--cached', 'staged');
    const now = await take({}, null);
    link('.git/index', outside);
    const refused = { code: 'checkpoint.failed', message: expect.stringContaining('.git/index is no file') };
    await expect(applyMoment(tree, { now, past, isWhole: true })).rejects.toMatchObject(refused);
    await expect(take()).rejects.toMatchObject(refused);
    expect(readTree(outside).size).toBe(0);
  });

  it('writes what git was in the middle of in no place but its own', async () => {
    write('.git/MERGE_MSG', 'then');
    const past = await take();
    writeFileSync(path.join(outside, 'file'), 'outside');
    link('.git/MERGE_MSG', path.join(outside, 'file'));
    await rewind(past);
    expect(readFileSync(path.join(outside, 'file'), 'utf8')).toBe('outside');
    expect(readFileSync(at('.git/MERGE_MSG'), 'utf8')).toBe('then');
  });

  it('writes no ref where .git/refs leads elsewhere', async () => {
    renameSync(at('.git/refs'), path.join(outside, 'refs'));
    link('.git/refs', path.join(outside, 'refs'));
    await expect(take()).rejects.toMatchObject({ message: expect.stringContaining('lies elsewhere') });
    expect(existsSync(path.join(outside, 'refs/farhand'))).toBe(false);
  });

  it('removes a ref that only names a branch, and never the branch', async () => {
    const gone = `refs/farhand/checkpoints/${newId('session')}/x`;
    tree.git('symbolic-ref', gone, 'refs/heads/main');
    await take();
    expect(tree.git('for-each-ref', '--format=%(refname)')).not.toContain(gone);
    expect(tree.git('rev-parse', 'main')).toMatch(/^[0-9a-f]{40}$/m);
  });

  it('changes no rights behind a folder that has become a link', async () => {
    write('.gitignore', '/dir\n');
    write('dir/x', 'x');
    chmodSync(at('dir/x'), 0o600);
    const past = await take();
    link('dir', outside);
    writeFileSync(path.join(outside, 'x'), 'outside');
    chmodSync(path.join(outside, 'x'), 0o644);
    // The link itself is too much to be kept, and so left alone.
    const { left } = await rewind(past, { ignoredFiles: 0 });
    expect(left).toEqual(['dir/x']);
    expect(statSync(path.join(outside, 'x')).mode & 0o777).toBe(0o644);
  });

  it('leaves names alone that it could not give back, and mistakes none for another', async () => {
    const odd = ['a\x01b', 'a\x02b', 'dir\x01/c', 'ignored/d\x01', 'e\x02.log'];
    write('.gitignore', 'ignored/\n*.log\n');
    for (const name of [...odd, 'a\nb', 'ignored/d\n', 'ignored/plain']) write(name, '1');
    const past = await take();
    expect(past.left).toEqual(['a\x02b', 'dir\x02/c', 'e\x02.log', 'ignored/d\x02']);
    for (const name of [...odd, 'a\nb', 'ignored/d\n', 'ignored/plain']) write(name, '2');
    await rewind(past);
    const read = (name: string) => readFileSync(at(name), 'utf8');
    expect(odd.map(read)).toEqual(odd.map(() => '2'));
    expect(['a\nb', 'ignored/d\n', 'ignored/plain'].map(read)).toEqual(['1', '1', '1']);
  });

  it('leaves no file out for the name of another', async () => {
    const [large, small] = [
      ['x\ny', '[z]', 'q?', 'w\x01w'],
      ['x y', 'xzy', 'z', 'qq', 'w w', 'wcw'],
    ];
    for (const name of large) write(name, 'x'.repeat(3000));
    for (const name of small) write(name, '1');
    const past = await take({ fileBytes: 2000 });
    expect(past.leftCount).toBe(large.length);
    for (const name of small) write(name, '2');
    await rewind(past, { fileBytes: 2000 });
    expect(small.map((name) => readFileSync(at(name), 'utf8'))).toEqual(small.map(() => '1'));
    expect(large.map((name) => statSync(at(name)).size)).toEqual(large.map(() => 3000));
  });

  it('keeps no more than its share of many new files, and leaves the rest alone', async () => {
    for (const name of ['a', 'b', 'c']) write(name, 'x'.repeat(1000));
    const past = await take({ changedBytes: 2500 });
    expect(past.left).toEqual(['c']);
    for (const name of ['a', 'b', 'c']) write(name, 'y');
    await rewind(past);
    expect(['a', 'b', 'c'].map((name) => readFileSync(at(name), 'utf8')[0])).toEqual(['x', 'x', 'y']);
  });

  it.each(['.git/index', '.git/index.lock', '.git/info/exclude'])(
    'does not wait at %s for somebody who writes into it',
    async (name) => {
      fifo(name);
      await expect(take()).rejects.toMatchObject({ message: expect.stringContaining('is no file') });
    },
  );

  it('does not wait at pipes elsewhere, and reads no device', async () => {
    const past = await take();
    fifo('pipe');
    fifo('.git/farhand-checkpoint/index');
    fifo('.git/MERGE_MSG');
    link('zero', '/dev/zero');
    await rewind(past);
    link('.git/farhand-checkpoint/index', '/dev/zero');
    await rewind(past);
    expect(existsSync(at('zero'))).toBe(false);
    expect(existsSync(at('pipe'))).toBe(true);
  });

  it('survives a config and an index that are nonsense', async () => {
    await take();
    writeFileSync(at('.git/farhand-checkpoint/index'), 'DIRC nonsense');
    await take();
    appendFileSync(at('.git/config'), '[include]\n\tpath = config\n[core\n');
    await expect(take()).rejects.toMatchObject({ code: 'checkpoint.failed' });
  });
});
