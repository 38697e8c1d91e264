import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId, type ProjectId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from '../testing/bench.ts';
import type { TestRepository } from '../testing/repository.ts';

let bench: Bench;
let shop: TestRepository;
let projectId: ProjectId;

beforeEach(async () => {
  bench = openBench({ workspaces: { retrieval: { maxUntrackedBytes: 1024 ** 2 } } });
  shop = bench.repository();
  shop.write('README.md', '# Shop\n');
  shop.write('src/cart.ts', 'export const total = 1;\n');
  shop.write('.gitattributes', '*.txt text=auto\n*.bat eol=crlf\n*.md filter=loud ident\n');
  shop.commit('first');
  ({ id: projectId } = await bench.projects.add(shop.path));
});
afterEach(() => bench.close());

const run = async ({ directory }: Workspace, script: string): Promise<string> => {
  const { outcome, stdout, stderr } = await bench.runtime.exec({ script }, { cwd: directory ?? '' });
  expect(outcome, new TextDecoder().decode(stderr)).toEqual({ kind: 'exited', code: 0 });
  return new TextDecoder().decode(stdout);
};
const LOOK =
  'git symbolic-ref HEAD; git for-each-ref --format="%(objectname) %(refname)" refs/heads refs/tags; git stash list --format=%H; git status --porcelain; git diff HEAD -- src README.md; for f in new* dir/*; do ls -l "$f" | cut -c 1-10; cksum <"$f"; done';
const isSettled = ({ state }: Workspace) => state !== 'creating' && state !== 'archiving';
const archivesLeft = () =>
  existsSync(path.join(bench.folder, 'archives')) ? readdirSync(path.join(bench.folder, 'archives')) : [];
const away = (runtime: Runtime): Runtime => {
  const refuse = async () => {
    throw new FarhandError('host.unreachable');
  };
  return { ...runtime, exec: refuse, jobs: { ...runtime.jobs, list: refuse, remove: refuse, start: refuse } };
};

describe('archiving and restoring a workspace', () => {
  it('frees the host and brings back branches, tags, stash and uncommitted work', async () => {
    const made = await bench.make({ projectId });
    await run(
      made,
      `git commit -q --allow-empty -m one; git tag v1; git tag -a -m two v2; git branch other; echo s1 >>README.md; git stash -q; echo s2 >>README.md; git stash -q
       git checkout -q -b feature; echo c >committed; git add committed; git commit -qm committed
       echo changed >>src/cart.ts; git rm -q README.md; printf 'a\\r\\nb\\n' >new.txt; printf 'a\\n' >new.bat; mkdir dir; echo '#!/bin/sh' >dir/run; chmod +x dir/run; ln -s nowhere dir/link; printf 'x' >"new name"; echo staged >new-staged; git add new-staged`,
    );
    const before = await run(made, LOOK);
    await bench.terminals.open(made.id, { rows: 24, cols: 80 });
    const archived = await bench.workspaces.archive(made.id);
    expect(archived).toMatchObject({ state: 'archived', isWaitingForHost: false });
    expect(archived.archive).toEqual({ at: expect.any(String), sizeBytes: expect.any(Number) });
    expect(existsSync(made.directory ?? '')).toBe(false);
    expect(await bench.runtime.jobs.list(made.id)).toEqual([]);
    expect(shop.git('for-each-ref', 'refs/farhand')).toBe('');
    expect(() => bench.workspaces.ready(made.id)).toThrowError(
      expect.objectContaining({ code: 'workspace.archived', hint: 'Restore it first.' }),
    );

    expect(bench.workspaces.restore(made.id).state).toBe('creating');
    const restored = await bench.until(made.id, isSettled);
    expect(outcomeOf(restored)).toBe('ready');
    expect(restored).toMatchObject({
      name: made.name,
      directory: made.directory,
      baseCommit: made.baseCommit,
      archive: null,
    });
    // What was staged is uncommitted, but not staged any more.
    const unstaged = (text: string) =>
      text.replace('D  README', ' D README').replace('A  new-st', '?? new-st');
    expect((await run(restored, LOOK)).split('\n').toSorted()).toEqual(
      unstaged(before).split('\n').toSorted(),
    );
    await bench.workspaces.fetch(made.id);
    await expect.poll(archivesLeft).toEqual([]);
  });

  it('works where HEAD is on no branch, and for a tree alone', async () => {
    const made = await bench.make({ projectId, transfer: 'tree_only' });
    await run(made, 'git checkout -q --detach; git commit -q --allow-empty -m loose; echo x >new');
    const look = 'git rev-parse HEAD; git symbolic-ref -q HEAD; git for-each-ref refs/heads; cat new';
    const before = await run(made, look);
    await bench.workspaces.archive(made.id);
    bench.workspaces.restore(made.id);
    const restored = await bench.until(made.id, isSettled);
    expect(outcomeOf(restored)).toBe('ready');
    expect(await run(restored, look)).toBe(before);
  });

  it('holds without the history in the person’s repository', async () => {
    shop.git('checkout', '-q', '-b', 'topic');
    shop.write('topic', 'topic\n');
    shop.commit('topic');
    const made = await bench.make({ projectId, branch: 'topic' });
    await bench.workspaces.archive(made.id);
    shop.git('checkout', '-q', 'main');
    shop.git('branch', '-q', '-D', 'topic');
    shop.git('reflog', 'expire', '--expire=now', '--all');
    shop.git('gc', '-q', '--prune=now');
    bench.workspaces.restore(made.id);
    expect(outcomeOf(await bench.until(made.id, isSettled))).toBe('ready');
  });

  it.each([
    ['a file too large', 'head -c 2000000 /dev/zero >core', 'larger than 1.0 MB: core'],
    [
      'a repository inside',
      'git init -q inner; cd inner; git -c user.name=a -c user.email=a@a commit -q --allow-empty -m x',
      'repositories of their own: inner',
    ],
  ])('is refused for %s, named, and everything stays', async (_what, script, message) => {
    const made = await bench.make({ projectId });
    await run(made, script);
    await expect(bench.workspaces.archive(made.id)).rejects.toMatchObject({
      code: 'workspace.archive_refused',
      message: expect.stringContaining(message),
    });
    expect(bench.workspaces.get(made.id)).toMatchObject({ state: 'ready', archive: null });
    expect(existsSync(made.directory ?? '')).toBe(true);
    await expect.poll(archivesLeft).toEqual([]);
  });

  it('waits for a host that is away, and a new server goes on with it', async () => {
    const made = await bench.make({ projectId });
    await run(made, 'echo work >new');
    bench.replaceRuntime(away);
    expect(await bench.workspaces.archive(made.id)).toMatchObject({
      state: 'archiving',
      isWaitingForHost: true,
    });
    await bench.workspaces.shutdown();
    expect(bench.workspaces.get(made.id).state).toBe('archiving');
    bench.replaceRuntime(null);
    const again = bench.restart();
    again.workspaces.resumeAll();
    const archived = await bench.until(made.id, isSettled, again);
    expect(archived).toMatchObject({ state: 'archived', isWaitingForHost: false });
    expect(existsSync(made.directory ?? '')).toBe(false);
    again.workspaces.restore(made.id);
    expect(outcomeOf(await bench.until(made.id, isSettled, again))).toBe('ready');
    expect(await run(made, 'cat new')).toBe('work\n');
  });

  it('is given up where the workspace is deleted while its host is away', async () => {
    const made = await bench.make({ projectId });
    bench.replaceRuntime(away);
    await bench.workspaces.archive(made.id);
    await bench.workspaces.delete(made.id, { force: true, forget: true });
    expect(bench.workspaces.list()).toEqual([]);
    await expect.poll(archivesLeft).toEqual([]);
  });

  it('keeps what jobs wrote until they were ended', async () => {
    const made = await bench.make({ projectId });
    const id = newId('job');
    const script = 'while :; do echo line >>log; sleep 0.01; done';
    await bench.runtime.jobs.start({ id, command: { script }, cwd: made.directory ?? '', label: made.id });
    let atTheEnd = '';
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      jobs: {
        ...runtime.jobs,
        async remove(job) {
          await runtime.jobs.remove(job);
          atTheEnd ||= await run(made, 'wc -l <log');
        },
      },
    }));
    await bench.workspaces.archive(made.id);
    bench.workspaces.restore(made.id);
    await bench.until(made.id, isSettled);
    expect(Number(atTheEnd)).toBeGreaterThan(0);
    expect(await run(made, 'wc -l <log')).toBe(atTheEnd);
  });

  it('goes on after a restored step failed', async () => {
    const made = await bench.make({ projectId });
    await run(made, 'echo work >new');
    await bench.workspaces.archive(made.id);
    bench.replaceRuntime((runtime) => ({
      ...runtime,
      exec: async (command, options) => {
        if (JSON.stringify(command).includes('stash store'))
          throw new FarhandError('workspace.transfer_failed');
        return runtime.exec(command, options);
      },
    }));
    bench.workspaces.restore(made.id);
    expect(outcomeOf(await bench.until(made.id, isSettled))).toContain('checkout failed');
    bench.replaceRuntime(null);
    bench.workspaces.retry(made.id);
    expect(outcomeOf(await bench.until(made.id, isSettled))).toBe('ready');
    expect(await run(made, 'cat new')).toBe('work\n');
  });

  it('is deleted with its archive only when the loss is confirmed', async () => {
    const made = await bench.make({ projectId });
    await run(made, 'git commit -q --allow-empty -m kept; echo x >new');
    await bench.workspaces.archive(made.id);
    expect(await bench.workspaces.losses(made.id)).toEqual({
      reachable: true,
      uncommitted: ['new'],
      unpushed: [{ commit: expect.any(String), subject: 'kept' }],
    });
    await expect(bench.workspaces.delete(made.id, { force: false, forget: false })).rejects.toMatchObject({
      code: 'workspace.would_lose_work',
    });
    await bench.workspaces.delete(made.id, { force: true, forget: false });
    await expect.poll(archivesLeft).toEqual([]);
    await bench.projects.remove(projectId);
  });

  it('leaves nothing behind in the archive of another one', async () => {
    const [kept, gone] = [await bench.make({ projectId }), await bench.make({ projectId, name: 'gone' })];
    await bench.workspaces.archive(kept.id);
    await run(gone, 'echo only here >new');
    const object = (await run(gone, 'git hash-object new')).trim();
    await bench.workspaces.archive(gone.id);
    const archive = path.join(bench.folder, 'archives', `${projectId}.git`);
    const holds = () => spawnSync('git', ['-C', archive, 'cat-file', '-e', object]).status === 0;
    expect(holds()).toBe(true);
    await bench.workspaces.delete(gone.id, { force: true, forget: false });
    await expect.poll(holds).toBe(false);
  });
});
