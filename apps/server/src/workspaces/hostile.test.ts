import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { ProjectId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench, outcomeOf } from './testing/bench.ts';

// What an attacker who owns the host, or an agent that was talked into it, can leave in a workspace.
describe('a workspace whose content is hostile', () => {
  let bench: Bench;
  let workspace: Workspace;
  let directory: string;
  let projectId: ProjectId;

  beforeEach(async () => {
    bench = openBench();
    const shop = bench.repository();
    shop.write('README.md', '# Shop\n');
    shop.commit('first');
    ({ id: projectId } = await bench.projects.add(shop.path));
    workspace = await bench.make({ projectId });
    if (workspace.state !== 'ready') throw new Error(outcomeOf(workspace));
    directory = workspace.directory ?? '';
  });
  afterEach(() => bench.close());

  const lookAtAll = async () => {
    const { files, truncated } = await bench.workspaces.changes(workspace.id);
    for (const file of files.slice(0, 20)) await bench.workspaces.diff(workspace.id, file.path);
    const found = await bench.workspaces.files(workspace.id, 'a');
    const losses = await bench.workspaces.losses(workspace.id);
    return { files, truncated, found, losses };
  };

  it('runs no program that its repository names, and reads nothing that it points at elsewhere', async () => {
    const ran = path.join(bench.folder, 'ran');
    const elsewhere = path.join(bench.folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(path.join(elsewhere, 'objects'), 'not ours');
    const program = path.join(bench.folder, 'program');
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>'${ran}'\ncat\n`, { mode: 0o755 });
    const hooks = path.join(directory, '.git/hooks');
    mkdirSync(hooks, { recursive: true });
    for (const hook of [
      'post-checkout',
      'pre-commit',
      'post-index-change',
      'reference-transaction',
      'fsmonitor-watchman',
    ])
      writeFileSync(path.join(hooks, hook), `#!/bin/sh\necho ${hook} >>'${ran}'\n`, { mode: 0o755 });
    const included = path.join(bench.folder, 'included');
    writeFileSync(included, `[core]\n\tfsmonitor = ${program}\n\tsshCommand = ${program}\n`);
    appendFileSync(
      path.join(directory, '.git/config'),
      [
        `[include]\n\tpath = ${included}`,
        `[core]\n\tfsmonitor = ${program}\n\thooksPath = ${hooks}\n\tpager = ${program}\n\teditor = ${program}`,
        `[diff]\n\texternal = ${program}`,
        `[diff "evil"]\n\ttextconv = ${program}\n\tcommand = ${program}`,
        `[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}`,
        `[credential]\n\thelper = ${program}`,
        `[gpg]\n\tprogram = ${program}`,
        `[log]\n\tshowSignature = true`,
        `[uploadpack]\n\tpackObjectsHook = ${program}`,
        `[remote "origin"]\n\turl = ext::${program}\n\tpromisor = true`,
        `[extensions]\n\tpartialClone = origin`,
        '',
      ].join('\n'),
    );
    writeFileSync(path.join(directory, '.git/objects/info/alternates'), `${elsewhere}\n`);
    writeFileSync(path.join(directory, '.gitattributes'), '* diff=evil filter=evil\n');
    writeFileSync(path.join(directory, 'README.md'), '# Changed\n');
    const { files, losses } = await lookAtAll();
    expect(files.map((file) => file.path)).toContain('README.md');
    expect(losses.uncommitted).toContain('README.md');
    expect(existsSync(ran), existsSync(ran) ? readFileSync(ran, 'utf8') : '').toBe(false);
    // The trap is a live one: a git that trusts the repository walks into it.
    execFileSync('git', ['status'], { cwd: directory, stdio: 'ignore' });
    expect(existsSync(ran)).toBe(true);
  });

  it('shows names of every kind, and follows no link out of itself', async () => {
    const secret = path.join(bench.folder, 'outside');
    writeFileSync(secret, 'OUTSIDE THE WORKSPACE');
    const names = [
      'new\nline',
      'tab\there',
      '\u001b]52;c;ZXZpbA==\u0007',
      '-rf',
      ' ',
      '...',
      '$(touch x)',
      "it's",
      '`id`',
    ];
    for (const name of names) writeFileSync(path.join(directory, name), 'x\n');
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/bad-`), Buffer.from([0xff, 0xfe])]), 'x\n');
    symlinkSync(secret, path.join(directory, 'absolute'));
    symlinkSync('../../../../outside', path.join(directory, 'upwards'));
    symlinkSync('loop-b', path.join(directory, 'loop-a'));
    symlinkSync('loop-a', path.join(directory, 'loop-b'));
    symlinkSync('.', path.join(directory, 'self'));
    const { files } = await lookAtAll();
    const paths = files.map((file) => file.path);
    for (const name of [...names, 'absolute', 'upwards', 'loop-a', 'self']) expect(paths).toContain(name);
    expect(paths.find((one) => one.startsWith('bad-'))).toBe('bad-\uFFFD\uFFFD');
    const patches = await Promise.all(
      ['absolute', 'upwards'].map((name) => bench.workspaces.diff(workspace.id, name)),
    );
    for (const { patch } of patches) expect(patch).not.toContain('OUTSIDE');
  });

  it.each(['../outside', '/etc/passwd', 'a/../../outside'])('refuses the path %s', async (file) => {
    await expect(bench.workspaces.diff(workspace.id, file)).rejects.toMatchObject({
      code: 'file.outside_workspace',
    });
  });

  it('stays bounded with 100,000 files', async () => {
    execFileSync('sh', ['-c', 'mkdir many && cd many && seq -f a%.0f 100000 | xargs touch'], {
      cwd: directory,
    });
    const { files, truncated, found } = await lookAtAll();
    expect(truncated).toBe(true);
    expect(files.length).toBeLessThanOrEqual(5000);
    expect(found.length).toBeLessThanOrEqual(50);
  });

  it('says so when what stands in its place is no repository of ours', async () => {
    execFileSync('rm', ['-rf', path.join(directory, '.git')]);
    writeFileSync(path.join(directory, '.git'), `gitdir: ${bench.folder}\n`);
    await expect(bench.workspaces.changes(workspace.id)).rejects.toMatchObject({ code: 'workspace.missing' });
  });

  it('deletes only itself when a folder of it is a link to elsewhere', async () => {
    const kept = path.join(bench.folder, 'kept');
    mkdirSync(kept);
    writeFileSync(path.join(kept, 'file'), 'mine');
    symlinkSync(kept, path.join(directory, 'link'));
    mkdirSync(path.join(directory, 'locked'));
    chmodSync(path.join(directory, 'locked'), 0o500);
    await bench.workspaces.delete(workspace.id, { force: true, forget: false });
    expect(existsSync(directory)).toBe(false);
    expect(readFileSync(path.join(kept, 'file'), 'utf8')).toBe('mine');
  });
});
