import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCall } from './client.ts';

const PROGRAM = fileURLToPath(new URL('./farhand.ts', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly text: { out: string; err: string };
  readonly ended: Promise<number | null>;
}

/** Programs from their sources take seconds to start. */
describe('farhand run', { timeout: 120_000 }, () => {
  let folder: string;
  let sshd: TestSshd;
  let server: Started;
  const children: ChildProcess[] = [];
  const call: ReturnType<typeof createCall> = (...given) =>
    createCall({ serverFile: join(folder, 'data', 'server.json') })(...given);

  const farhand = (...args: string[]): Started => {
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...args], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        FARHAND_HOME: join(folder, 'data'),
        FARHAND_SSH_CONFIG: sshd.sshConfigPath,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const text = { out: '', err: '' };
    child.stdout.on('data', (bytes: Buffer) => (text.out += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (text.err += bytes.toString()));
    const ended = once(child, 'close').then(([code]) => code as number | null);
    return { child, text, ended };
  };
  const serve = async () => {
    server = farhand('serve', '--port', '0', '--no-open');
    await vi.waitFor(() => expect(server.text.out).toContain('http'), { timeout: 30_000 });
  };
  const kill = async (started: Started) => {
    started.child.kill('SIGKILL');
    await started.ended;
  };
  const onHost = (name: string) => join(sshd.home, name);
  const lines = (name: string) => (existsSync(onHost(name)) ? readFileSync(onHost(name), 'utf8') : '');
  const define = (toml: string) => {
    mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'data/config.toml'), toml.replaceAll('$HOST', sshd.alias));
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-run-'));
    sshd = await startSshd();
    define(`
[operations.note]
host = "$HOST"
argv = ["sh", "-c", "echo \\"$0\\" >>noted; echo noted; exit 4", "{word}"]
parameters.word = {}
`);
    await serve();
  }, 60_000);
  afterEach(() => {
    for (const name of ['go', 'ran']) rmSync(onHost(name), { force: true });
  });
  afterAll(async () => {
    for (const child of children)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows what comes as it comes, and ends as the command ended', async () => {
    const run = farhand(
      'run',
      '--host',
      sshd.alias,
      '--',
      'sh',
      '-c',
      'echo one; until [ -e go ]; do sleep 0.02; done; echo two >&2; exit 7',
    );
    await expect.poll(() => run.text.out, { timeout: 30_000 }).toBe('one\n');
    writeFileSync(onHost('go'), '');
    expect(await run.ended).toBe(7);
    expect(run.text).toEqual({ out: 'one\n', err: 'two\n' });
    const killed = farhand('run', '--host', sshd.alias, '--json', '--', 'sh', '-c', 'kill -9 $$');
    expect(await killed.ended).toBe(137);
    expect(JSON.parse(killed.text.out)).toMatchObject({ run: { exit: { signal: 'SIGKILL' } } });
  });

  it('ends the command with Ctrl-C', async () => {
    const run = farhand('run', '--host', sshd.alias, '--', 'sh', '-c', 'echo $$ >ran; exec sleep 7719');
    await expect.poll(() => lines('ran'), { timeout: 30_000 }).toMatch(/\d/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(143);
    expect(run.text.err).toContain('was cancelled');
    await expect.poll(() => existsSync(`/proc/${lines('ran').trim()}/cwd`)).toBe(false);
  });

  it('ends the command where nobody reads on what it prints', async () => {
    const run = farhand('run', '--host', sshd.alias, '--', 'sh', '-c', 'echo $$ >ran; exec yes');
    run.child.stdout?.once('data', () => run.child.stdout?.destroy());
    await once(run.child, 'exit');
    expect(run.text.err).not.toMatch(/EPIPE|at .*\.(?:ts|js):/);
    await expect.poll(() => existsSync(`/proc/${lines('ran').trim()}/cwd`)).toBe(false);
  });

  it('ends without a word where nobody reads what it prints, as by | head', async () => {
    const printing = farhand('completion', 'bash');
    printing.child.stdout?.destroy();
    expect(await printing.ended).toBe(141);
    expect(printing.text.err).toBe('');
  });

  it('goes on while the server is killed and started again, and starts nothing twice', async () => {
    const run = farhand(
      'run',
      '--host',
      sshd.alias,
      '--',
      'sh',
      '-c',
      'echo x >>ran; echo begun; until [ -e go ]; do sleep 0.02; done; echo done',
    );
    await expect.poll(() => run.text.out, { timeout: 30_000 }).toBe('begun\n');
    await kill(server);
    writeFileSync(onHost('go'), '');
    await serve();
    expect(await run.ended).toBe(0);
    expect(run.text.out).toBe('begun\ndone\n');
    expect(lines('ran')).toBe('x\n');
  });

  it('carries an operation of a terminal over a server that is killed at each step', async () => {
    const project = join(folder, 'shop');
    mkdirSync(project);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: project });
    git('init', '-q', '-b', 'main');
    writeFileSync(join(project, 'README.md'), '# Shop\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    const { id: projectId } = (await call('project.add', { source: project })).project;
    const made = await call('workspace.create', { projectId, host: sshd.alias, branch: 'main', name: 'fix' });
    const { id: workspaceId } = made.workspace;
    const state = async () => (await call('workspace.list', {})).workspaces[0]?.state;
    await expect.poll(state, { timeout: 30_000 }).toBe('ready');
    const asked = async () => (await call('approval.list', {})).approvals;

    const command = 'farhand-op note word=killed; echo "status $?" >"$HOME/ended"';
    const { run } = await call('run.start', { workspaceId, argv: ['sh', '-c', command] });
    // Killed between the request and its approval,
    await expect.poll(asked, { timeout: 30_000 }).toHaveLength(1);
    await kill(server);
    await serve();
    const [question] = await asked();
    if (!question) throw new Error('the question is gone');
    expect(question).toMatchObject({
      workspaceId,
      hostId: sshd.alias,
      by: { kind: 'agent', name: 'terminal' },
    });
    const decision = { kind: 'allow', scope: 'once' } as const;
    await call('approval.decide', { approvalId: question.id, hash: question.hash, decision });
    // and again at once after it, at whatever step that is.
    await kill(server);
    await serve();
    await expect.poll(() => lines('ended'), { timeout: 30_000 }).toBe('status 4\n');
    expect(lines('noted')).toBe('killed\n');
    const got = await call('run.get', { runId: run.id, waitMs: 20_000 });
    expect(got.run).toMatchObject({ state: 'ended', exit: { kind: 'exited', code: 0 } });
    expect(Buffer.from(got.output.stdout, 'base64').toString()).toBe('noted\n');
    const { events } = await call('audit.search', { kinds: ['decision'] });
    expect(events).toMatchObject([{ facts: { approvalId: question.id, scope: 'once' } }]);
  });

  it('lists and runs operations', async () => {
    const list = farhand('operation', 'list');
    expect(await list.ended).toBe(0);
    expect(list.text.out).toContain('note');
    const run = farhand('operation', 'run', 'note', 'word=by-hand');
    expect(await run.ended).toBe(4);
    expect(run.text.out).toBe('noted\n');
    const wrong = farhand('operation', 'run', 'note', 'word=-x');
    expect(await wrong.ended).toBe(1);
    expect(wrong.text.err).toContain('as an option does');
  });
});
