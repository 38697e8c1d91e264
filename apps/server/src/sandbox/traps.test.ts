import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../workspaces/testing/bench.ts';
import { ran, sandboxesOf } from './testing/sandbox-bench.ts';

// What an agent in its sandbox can write is what Farhand’s own git reads outside of it.
describe('Farhand’s own looks at a workspace', { timeout: 30_000 }, () => {
  let bench: Bench;
  let workspace: Workspace;
  let directory: string;
  let taken: string;
  let program: string;

  beforeEach(async () => {
    bench = openBench();
    const shop = bench.repository();
    shop.write('README.md', '# Shop\n');
    shop.commit('first');
    const { id: projectId } = await bench.projects.add(shop.path);
    workspace = await bench.make({ projectId });
    directory = workspace.directory ?? '';
    taken = path.join(bench.folder, 'taken');
    program = path.join(directory, 'program');
    writeFileSync(program, `#!/bin/sh\ntouch '${taken}'\ncat\n`, { mode: 0o755 });
    writeFileSync(path.join(directory, '.gitattributes'), '* filter=evil diff=evil\n');
    writeFileSync(path.join(directory, 'README.md'), '# Changed\n');
  });
  afterEach(() => bench.close());

  const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, stdio: 'ignore' });
  const look = async () => {
    const { files } = await bench.workspaces.changes(workspace.id);
    for (const { path: file } of files) await bench.workspaces.diff(workspace.id, file);
    await bench.workspaces.losses(workspace.id);
  };

  it.each([
    ['core.fsmonitor', 'config'],
    ['core.hooksPath', 'config'],
    ['diff.external', 'config'],
    ['diff.evil.textconv', 'config'],
    ['diff.evil.command', 'config'],
    ['filter.evil.clean', 'config'],
    ['filter.evil.process', 'config'],
    ['filter.evil.clean', 'config.worktree'],
    ['core.fsmonitor', 'config.worktree'],
  ])('run nothing that %s names in .git/%s', async (name, file) => {
    git('config', 'extensions.worktreeConfig', 'true');
    const hooks = path.join(directory, 'hooks');
    mkdirSync(hooks);
    for (const hook of ['post-index-change', 'fsmonitor-watchman'])
      writeFileSync(path.join(hooks, hook), `#!/bin/sh\ntouch '${taken}'\n`, { mode: 0o755 });
    git('config', '--file', path.join('.git', file), name, name === 'core.hooksPath' ? hooks : program);
    await look();
    expect(existsSync(taken)).toBe(false);
    // The trap is a live one.
    git('status');
    git('diff');
    git('add', '-A');
    expect(existsSync(taken)).toBe(true);
  });

  it('are not worn out by many filters', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `[filter "a${index}"]\n\tclean = true\n`).join('');
    appendFileSync(path.join(directory, '.git/config'), `${many}[filter "evil"]\n\tclean = ${program}\n`);
    await look();
    expect(existsSync(taken)).toBe(false);
    const more = Array.from({ length: 900 }, (_, index) => `[filter "b${index}"]\n\tclean = true\n`).join('');
    appendFileSync(path.join(directory, '.git/config'), more);
    await expect(look()).rejects.toMatchObject({ code: 'command.failed' });
    expect(existsSync(taken)).toBe(false);
  });

  it('are made inside, without network, where the workspace has a sandbox', async () => {
    let profile = 'workspace';
    const sandboxes = sandboxesOf(bench.runtime, () => profile);
    const script = `touch '${taken}'; touch inside; ls /sys/class/net | grep -v '^lo$' >/dev/null; git status --short | grep -c README`;
    const eye = sandboxes.lookFrom(bench.runtime, { workspaceId: workspace.id, directory });
    const { out } = await ran(eye, { script }, { cwd: directory });
    expect(out).toBe('1\n');
    expect(existsSync(taken)).toBe(false);
    profile = 'none';
    await ran(eye, { script }, { cwd: directory });
    expect(existsSync(taken)).toBe(true);
  });
});
