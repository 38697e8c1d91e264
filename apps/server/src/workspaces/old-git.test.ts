import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from './testing/bench.ts';
import { writeOldGit } from './testing/old-git.ts';

let bench: Bench;
let folder: string;

beforeAll(() => {
  bench = openBench();
  folder = path.join(bench.folder, 'old');
  writeOldGit(folder);
  for (const name of ['.profile', '.bash_profile', '.zprofile'])
    writeFileSync(path.join(bench.home, name), `export PATH='${folder}':"$PATH"\n`);
});
afterAll(() => bench.close());

function read(name: string): string {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

describe('a host with git 2.20', () => {
  it('holds a workspace from its making to its end', async () => {
    const shop = bench.repository();
    shop.write('README.md', 'one\n');
    shop.write('src/a.txt', 'a\n');
    shop.commit('first');
    shop.write('README.md', 'two\n');
    const { id: projectId } = await bench.projects.add(shop.path);
    for (const transfer of ['history', 'history_and_changes', 'tree_only'] as const) {
      const made = await bench
        .make({ projectId, transfer, name: `old ${transfer.replaceAll('_', ' ')}` })
        .catch((error: unknown) => {
          throw new Error(`${String(error)} ${read('refused')}`);
        });
      expect(outcomeOf(made)).toBe('ready');
    }
    const [{ id } = { id: null }] = bench.workspaces.list();
    if (id === null) throw new Error('no workspace');
    const work =
      'git config user.name a; git config user.email a@b; echo x >new; echo b >>src/a.txt; git add src/a.txt; git commit -qm work; echo c >>src/a.txt';
    expect(await bench.workspaces.exec(id, ['sh', '-c', work])).toMatchObject({ exitCode: 0 });
    const { files } = await bench.workspaces.changes(id);
    expect(files.map((file) => file.path).toSorted()).toEqual(expect.arrayContaining(['new', 'src/a.txt']));
    expect((await bench.workspaces.diff(id, 'src/a.txt')).patch).toContain('+c');
    expect((await bench.workspaces.diff(id, 'new')).patch).toContain('+x');
    expect(await bench.workspaces.files(id, 'a.txt')).toEqual(['src/a.txt']);
    expect(await bench.workspaces.losses(id)).toMatchObject({ reachable: true });
    expect(await bench.workspaces.fetch(id)).toMatchObject({ commits: 1 });
    expect(await bench.workspaces.archive(id)).toMatchObject({ state: 'archived' });
    bench.workspaces.restore(id);
    expect(outcomeOf(await bench.until(id, ({ state }) => state !== 'creating'))).toBe('ready');
    expect((await bench.workspaces.diff(id, 'src/a.txt')).patch).toContain('+c');
    await bench.workspaces.delete(id, { force: true, forget: false });
    expect(read('refused')).toBe('');
    expect((await bench.runtime.facts()).gitVersion).toBe('2.20.1');
    expect(new Set(read('calls').split('\n')).size).toBeGreaterThan(5);
  });

  it('is one that knows nothing newer', async () => {
    for (const command of [
      'git switch main',
      'git -C / branch --show-current',
      'git init --initial-branch=x y',
    ]) {
      const { stdout } = await bench.runtime.exec({ script: `cd /; ${command} || echo $?` });
      expect(new TextDecoder().decode(stdout)).toBe('129\n');
    }
    expect(read('refused').trim().split('\n')).toEqual([
      'switch',
      'branch --show-current',
      'init --initial-branch=x',
    ]);
  });
});
