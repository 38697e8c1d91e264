import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./cli/farhand.ts', import.meta.url));

describe('the server of a data folder', () => {
  let folder: string;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'farhand-main-')), 'home');
    children = [];
  });
  afterEach(async () => {
    for (const child of children) await end(child, 'SIGKILL');
    rmSync(dirname(folder), { recursive: true });
  });

  const farhand = (...args: string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...args, '--json'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        FARHAND_HOME: folder,
        ANTHROPIC_API_KEY: 'canary-model-key',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const firstLine = async (child: ChildProcess) =>
    JSON.parse(String((await once(child.stdout ?? child, 'data'))[0]));
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };

  it('is one: the second is refused and told where the first is; after kill -9 the next one starts', async () => {
    const first = farhand('serve', '--port', '0');
    const { loginUrl, pid } = await firstLine(first);
    const second = farhand('serve', '--port', '0');
    const [refused, [status]] = await Promise.all([firstLine(second), once(second, 'exit')]);
    expect(status).toBe(1);
    expect(refused.error).toMatchObject({
      code: 'server.already_running',
      details: { pid, url: new URL(loginUrl).origin },
    });
    await end(first, 'SIGKILL');
    expect((await firstLine(farhand('serve', '--port', '0'))).pid).not.toBe(pid);
  });

  it('keeps its files to its user, answers the CLI, and stops in order within three seconds', async () => {
    const server = farhand('serve', '--port', '0');
    const { loginUrl } = await firstLine(server);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of ['farhand.db', 'server.json', 'server.lock', 'server.log']) {
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(new URL((await firstLine(farhand('login-url'))).url).origin).toBe(new URL(loginUrl).origin);
    const begun = performance.now();
    await end(server, 'SIGTERM');
    expect(server.exitCode).toBe(0);
    expect(performance.now() - begun).toBeLessThan(3000);
    const log = readFileSync(join(folder, 'server.log'), 'utf8');
    expect(log).toContain('server.stopped');
    expect(log).not.toContain('canary-model-key');
    expect(log).not.toContain(String(new URL(loginUrl).searchParams.get('code')));
  });
});
