import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '../workspaces/testing/bench.ts';
import { createSandboxes, type Sandboxes } from './sandboxes.ts';
import { ran, sandboxesOf } from './testing/sandbox-bench.ts';

// What an agent in its sandbox can write is what Farhand’s own git reads outside of it.
describe('Farhand’s own looks at a workspace', { timeout: 30_000 }, () => {
  let bench: Bench;
  let workspace: Workspace;
  let directory: string;
  let taken: string;
  let program: string;
  let eye: Sandboxes['lookFrom'];

  beforeEach(async () => {
    eye = (runtime) => runtime;
    bench = openBench({ workspaces: { lookFrom: (runtime, place) => eye(runtime, place) } });
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

  // What git finds outside would go into archives and forks, and by these to the agent.
  it.each(['archive', 'fork', 'losses'] as const)(
    'find nothing of another repository by links: %s',
    async (how) => {
      const { workspaces } = bench;
      const other = bench.repository('home/private');
      other.write('key', 'PRIVATE');
      other.commit('private work');
      const theirs = path.join(other.path, '.git');
      writeFileSync(
        path.join(directory, '.git/objects/info/alternates'),
        `${path.join(theirs, 'objects')}\n`,
      );
      symlinkSync(path.join(theirs, 'refs/heads/main'), path.join(directory, '.git/refs/heads/stolen'));
      const subjects = (cwd: string) =>
        execFileSync('git', ['log', '--all', '--format=%s'], { cwd }).toString();
      const isTaken = async () => {
        if (how === 'losses')
          return JSON.stringify(await workspaces.losses(workspace.id)).includes('private');
        if (how === 'archive') {
          await workspaces.archive(workspace.id);
          await workspaces.restore(workspace.id);
          await bench.until(workspace.id, (one) => one.state !== 'creating');
          return subjects(directory).includes('private');
        }
        const fork = workspaces.addFork({ workspaceId: workspace.id, name: 'fork', host: null });
        workspaces.beginFork(fork.id);
        const made = await bench.until(fork.id, (one) => one.state !== 'creating');
        return subjects(made.directory ?? '').includes('private');
      };
      // The trap is a live one.
      expect(subjects(directory)).toContain('private');
      eye = sandboxesOf(bench.runtime, () => 'workspace').lookFrom;
      expect(await isTaken().catch(() => false)).toBe(false);
    },
  );

  it('bring a workspace to the server and back from inside', async () => {
    eye = sandboxesOf(bench.runtime, () => 'workspace').lookFrom;
    await bench.workspaces.archive(workspace.id);
    await bench.workspaces.restore(workspace.id);
    const { state } = await bench.until(workspace.id, (one) => one.state !== 'creating');
    expect(state).toBe('ready');
    expect(readFileSync(path.join(directory, 'README.md'), 'utf8')).toBe('# Changed\n');
  });

  it('are made inside where only a session has a sandbox', async () => {
    const sandboxes = createSandboxes({
      config: { path: '/config.toml', read: () => ({}), problem: () => null },
      runtimes: { for: () => bench.runtime },
      profileOf: () => 'none',
      hasSandboxed: () => true,
    });
    const looking = sandboxes.lookFrom(bench.runtime, { workspaceId: workspace.id, directory });
    await ran(looking, { script: `touch '${taken}'` }, { cwd: directory });
    expect(existsSync(taken)).toBe(false);
  });

  it('are made inside, without network, where the workspace has a sandbox', async () => {
    let profile = 'workspace';
    const sandboxes = sandboxesOf(bench.runtime, () => profile);
    const script = `touch '${taken}'; touch inside; ls /sys/class/net | grep -v '^lo$' >/dev/null; git status --short | grep -c README`;
    const looking = sandboxes.lookFrom(bench.runtime, { workspaceId: workspace.id, directory });
    const { out } = await ran(looking, { script }, { cwd: directory });
    expect(out).toBe('1\n');
    expect(existsSync(taken)).toBe(false);
    profile = 'none';
    await ran(looking, { script }, { cwd: directory });
    expect(existsSync(taken)).toBe(true);
  });
});
