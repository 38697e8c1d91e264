import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCall } from './client.ts';

const PROGRAM = fileURLToPath(new URL('./farhand.ts', import.meta.url));

/** Programs from their sources take seconds to start. */
describe('farhand exec', { timeout: 90_000 }, () => {
  let folder: string;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-exec-'));
    children = [];
  });
  afterEach(async () => {
    for (const child of children.toReversed()) await end(child, 'SIGKILL');
    for (const pid of sleepers()) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const farhand = (...args: string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...args], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { PATH: process.env.PATH, HOME: folder, FARHAND_HOME: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  // By what only this test's command has in its arguments.
  const sleepers = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          return words[0] === 'sleep' && words[1] === '7788' && words[2] === '0.00' && isOurs(pid);
        } catch {
          return false;
        }
      })
      .map(Number);
  const isOurs = (pid: string) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${folder}`);

  it('ends its command with Ctrl-C, and leaves it to itself where the server stops', async () => {
    const project = join(folder, 'shop');
    mkdirSync(project);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: project });
    git('init', '-q', '-b', 'main');
    writeFileSync(join(project, 'README.md'), '# Shop\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    const server = farhand('serve', '--port', '0', '--no-open');
    await once(server.stdout ?? server, 'data');
    const call = createCall(join(folder, 'data', 'server.json'));
    const { id: projectId } = (await call('project.add', { source: project })).project;
    await call('workspace.create', { projectId, host: 'local', branch: 'main', name: 'fix' });
    const state = async () => (await call('workspace.list', {})).workspaces[0]?.state;
    await expect.poll(state, { timeout: 20_000 }).toBe('ready');

    const command = farhand('exec', 'fix', '--', 'sleep', '7788', '0.00');
    await expect.poll(sleepers, { timeout: 20_000 }).toHaveLength(1);
    await end(command, 'SIGINT');
    await expect.poll(sleepers, { timeout: 10_000 }).toEqual([]);

    const left = farhand('exec', 'fix', '--', 'sleep', '7788', '0.00');
    const leftEnd = once(left, 'exit');
    await expect.poll(sleepers, { timeout: 20_000 }).toHaveLength(1);
    await end(server, 'SIGTERM');
    await leftEnd;
    expect(sleepers()).toHaveLength(1);
  });
});
