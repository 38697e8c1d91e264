import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FarhandError } from '@farhand/shared/errors/farhand-error';
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

describe('looking into a workspace', () => {
  it('lists changes of all kinds against the commit that was sent', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'old name.txt', 'bin.dat'])
      shop.write(name, `${name}\n1\n2\n3\n4\n`);
    shop.commit('files');
    const made = await bench.make({ projectId: (await addShop()).id });
    const script = `
      printf 'more\\n' >>a.txt; rm b.txt; git mv 'old name.txt' 'new name.txt'; ln -sf a.txt c.txt
      printf '\\000\\001' >bin.dat; printf 'x\\ny\\n' >"$(printf 'un\\ntracked')"; printf z >"$(printf 'caf\\351')"
      echo committed >d.txt; git add d.txt; git commit -q -m 'mine' d.txt`;
    await bench.runtime.exec({ script }, { cwd: made.directory ?? '' });
    const { files, truncated } = await bench.workspaces.changes(made.id);
    expect(truncated).toBe(false);
    expect(
      files.map(({ path: file, status, previousPath, additions, deletions }) => [
        file,
        status,
        previousPath,
        additions,
        deletions,
      ]),
    ).toEqual([
      ['a.txt', 'modified', null, 1, 0],
      ['b.txt', 'deleted', null, 0, 5],
      ['bin.dat', 'modified', null, null, null],
      ['c.txt', 'type_changed', null, 1, 5],
      ['caf\uFFFD', 'untracked', null, null, null],
      ['d.txt', 'added', null, 1, 0],
      ['new name.txt', 'renamed', 'old name.txt', 0, 0],
      ['un\ntracked', 'untracked', null, null, null],
    ]);
    expect(bench.workspaces.get(made.id).changes).toEqual({ files: 8, ahead: 1 });
    const diff = (file: string) => bench.workspaces.diff(made.id, file);
    expect((await diff('a.txt')).patch).toContain('+more\n');
    expect(await diff('bin.dat')).toMatchObject({ binary: true, truncated: false });
    expect((await diff('new name.txt')).patch).toContain('rename from old name.txt');
    expect((await diff('un\ntracked')).patch).toContain('+x\n+y\n');
    expect((await diff('caf\uFFFD')).patch).toContain('+z\n');
    await expect(diff('../../etc/passwd')).rejects.toMatchObject({ code: 'file.outside_workspace' });
  });

  it('cuts a large diff, and runs nothing that the repository names', async () => {
    const made = await bench.make({ projectId: (await addShop()).id });
    const script = `
      i=0; while [ $i -lt 60000 ]; do echo "line number $i"; i=$((i + 1)); done >README.md
      printf '* diff=evil\\n' >.gitattributes
      git config diff.evil.command 'touch ${bench.folder}/ran; true'; git config diff.evil.textconv 'touch ${bench.folder}/ran; cat'
      git config core.fsmonitor 'touch ${bench.folder}/ran'; git config core.pager 'touch ${bench.folder}/ran'`;
    await bench.runtime.exec({ script }, { cwd: made.directory ?? '' });
    await bench.workspaces.changes(made.id);
    const { patch, truncated } = await bench.workspaces.diff(made.id, 'README.md');
    expect(truncated).toBe(true);
    expect(patch.length).toBeLessThanOrEqual(512 * 1024);
    expect(existsSync(path.join(bench.folder, 'ran'))).toBe(false);
  });

  it('finds files, runs commands with secrets covered, and publishes refreshed counts', async () => {
    const { id: projectId } = await addShop();
    bench.secrets.set({ kind: 'project', projectId }, 'TOKEN', 'canary-5512-value');
    const made = await bench.make({ projectId });
    expect(await bench.workspaces.files(made.id, 'cart')).toEqual(['src/cart.ts']);
    const ran = await bench.workspaces.exec(made.id, [
      'sh',
      '-c',
      'echo "$TOKEN"; echo oops >&2; echo new >new.txt; exit 7',
    ]);
    expect({
      ...ran,
      stdout: Buffer.from(ran.stdout, 'base64').toString(),
      stderr: Buffer.from(ran.stderr, 'base64').toString(),
    }).toEqual({
      end: 'exited',
      exitCode: 7,
      signal: null,
      stdout: '[secret TOKEN]\n',
      stderr: 'oops\n',
      truncated: false,
    });
    await expect.poll(() => bench.runtime.jobs.list(made.id)).toEqual([]);
    bench.workspaces.refreshChanges(made.id);
    bench.workspaces.refreshChanges(made.id);
    await bench.until(made.id, ({ changes }) => changes?.files === 1);
  });

  it('says that the folder is gone from the host', async () => {
    const made = await bench.make({ projectId: (await addShop()).id });
    await bench.runtime.files.remove(made.directory ?? '', { recursive: true });
    await expect(bench.workspaces.changes(made.id)).rejects.toMatchObject({ code: 'workspace.missing' });
    expect(bench.workspaces.get(made.id).state).toBe('missing');
    expect(() => bench.workspaces.ready(made.id)).toThrow(
      expect.objectContaining({ code: 'workspace.missing' }),
    );
    await bench.workspaces.delete(made.id, { force: false, forget: false });
    expect(bench.workspaces.list()).toEqual([]);
  });

  it('covers secrets in names, diffs, lists and errors, and still finds the file of a covered name', async () => {
    const { id: projectId } = await addShop();
    const canary = 'canary-8841-value';
    bench.secrets.set({ kind: 'project', projectId }, 'TOKEN', canary);
    const { id } = await bench.make({ projectId });
    const script =
      'echo "key=$TOKEN" >"of-$TOKEN.txt"; echo "$TOKEN" >>README.md; git add README.md; git commit -qm "add $TOKEN"';
    await bench.workspaces.exec(id, ['sh', '-c', script]);
    const { files } = await bench.workspaces.changes(id);
    expect(files.map(({ path: file }) => file)).toEqual(['README.md', 'of-[secret TOKEN].txt']);
    const { patch } = await bench.workspaces.diff(id, 'of-[secret TOKEN].txt');
    expect(patch).toContain('+key=[secret TOKEN]');
    const seen = [
      patch,
      await bench.workspaces.diff(id, 'README.md'),
      await bench.workspaces.losses(id),
      await bench.workspaces.files(id, 'of'),
      await bench.workspaces.exec(id, [`./${canary}`]).catch((error: FarhandError) => error.toJSON()),
    ];
    expect(JSON.stringify(seen)).toContain('[secret TOKEN]');
    expect(JSON.stringify(seen)).not.toContain(canary);
  });

  it('runs no filter that the repository defines, and fetches nothing for it', async () => {
    const made = await bench.make({ projectId: (await addShop()).id });
    const ran = path.join(bench.folder, 'ran');
    const script = `
      git config filter.evil.clean 'touch ${ran}; cat'; git config filter.evil.required true
      git config filter.worse.process 'touch ${ran}'; git config protocol.ext.allow always
      git config remote.origin.url 'ext::touch ${ran}'; git config remote.origin.promisor true
      git config extensions.partialClone origin; git config core.repositoryformatversion 1
      printf '*.md filter=evil\\n*.ts filter=worse\\n' >.gitattributes; echo x >>README.md; echo y >>src/cart.ts`;
    await bench.runtime.exec({ script }, { cwd: made.directory ?? '' });
    const { files } = await bench.workspaces.changes(made.id);
    expect(files.map(({ path: file }) => file)).toEqual(['.gitattributes', 'README.md', 'src/cart.ts']);
    expect((await bench.workspaces.diff(made.id, 'README.md')).patch).toContain('+x');
    await bench.workspaces.losses(made.id);
    // Files that are new are compared with nothing, through the same filters.
    await bench.runtime.exec({ script: 'echo new >new.md' }, { cwd: made.directory ?? '' });
    expect((await bench.workspaces.diff(made.id, 'new.md')).patch).toContain('+new');
    // An object that is missing is what git would fetch.
    const lose = `
      mv .git/objects/pack/*.pack .git/moved && rm -f .git/objects/pack/*; git unpack-objects -q <.git/moved
      gone=$(git rev-parse HEAD:README.md); rest=\${gone#??}; rm .git/objects/\${gone%"$rest"}/$rest`;
    await bench.runtime.exec({ script: lose }, { cwd: made.directory ?? '' });
    await bench.workspaces.diff(made.id, 'README.md');
    expect(existsSync(ran)).toBe(false);
  });

  it('says of a command, too, that the folder is gone', async () => {
    const made = await bench.make({ projectId: (await addShop()).id });
    await bench.runtime.files.remove(made.directory ?? '', { recursive: true });
    await expect(bench.workspaces.exec(made.id, ['true'])).rejects.toMatchObject({
      code: 'workspace.missing',
    });
    expect(bench.workspaces.get(made.id).state).toBe('missing');
  });
});
