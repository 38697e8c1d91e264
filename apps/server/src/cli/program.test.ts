import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { AuditSettings } from '@farhand/shared/model/audit';
import { newId } from '@farhand/shared/model/ids';
import type { Project } from '@farhand/shared/model/projects';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../api/testing/fixture.ts';
import type { Audit } from '../audit/audit.ts';
import { resolvePaths } from '../config/paths.ts';
import { writeRunningServer } from '../config/running-server.ts';
import type { HostJobs } from '../host-tasks/host-jobs.ts';
import type { ServerOptions } from '../main.ts';
import type { Projects } from '../projects/projects.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { runProgram } from './program.ts';

// Only what the CLI shows of them.
const shop = { id: newId('project'), name: 'shop' } as Project;
const workspaceOf = (name: string) =>
  ({
    id: newId('workspace'),
    projectId: shop.id,
    name,
    hostId: 'local',
    branch: name,
    state: 'ready',
    steps: [],
    directory: '/w',
  }) as unknown as Workspace;

const GIB = 1024 ** 3;
const JOB = { jobId: newId('job') };
const ENDED = { state: 'ended', exit: { kind: 'rebooted' } };

describe('the CLI', () => {
  let folder: string;
  let door: FrontDoor;
  const deleted: unknown[] = [];
  const added: string[] = [];
  let isAway = false;
  const all = [workspaceOf('fix'), workspaceOf('docs'), workspaceOf('docs')];
  const workspaces = {
    list: () => all,
    create: () => Promise.resolve({ ...workspaceOf('new'), state: 'creating' }),
    losses: () => Promise.resolve({ reachable: true, uncommitted: ['a\u001b[31m.ts'], unpushed: [] }),
    delete: (_id: string, options: { force: boolean }) => {
      if (!options.force) return Promise.reject(new FarhandError('workspace.would_lose_work'));
      deleted.push(options);
      all.splice(0, isAway ? 0 : 1);
      return Promise.resolve();
    },
    exec: (_id: string, argv: string[]) =>
      Promise.resolve({
        end: argv[0] === 'killed' ? 'signaled' : argv[0] === 'rebooted' ? 'rebooted' : 'exited',
        exitCode: argv[0] === 'killed' ? null : 3,
        signal: argv[0] === 'killed' ? 'SIGTERM' : null,
        stdout: Buffer.from(argv.join('|')).toString('base64'),
        stderr: Buffer.from('warned').toString('base64'),
        truncated: false,
      }),
  } as unknown as Workspaces;
  let quotaBytes = 20 * GIB;
  const quota = {
    limitBytes: () => quotaBytes,
    setLimit: (bytes: number | null) => (quotaBytes = bytes ?? 20 * GIB),
  };
  let kept: AuditSettings = { retentionDays: null, keepsStreams: true, maxOutputBytes: 5 * GIB };
  const audit = {
    record: () => 1,
    settings: () => kept,
    setSettings: (wanted: Partial<AuditSettings>) => (kept = { ...kept, ...wanted }),
  } as unknown as Audit;
  const hostJobs = {
    ofHost: () =>
      Promise.resolve([
        { ...JOB, workspaceId: all[0]?.id, isKnown: true, status: { state: 'running' }, keptBytes: 2048 },
        { ...JOB, workspaceId: null, isKnown: false, status: ENDED, keptBytes: 0 },
      ]),
    sweep: (hostId: string) => Promise.resolve(hostId === 'busy' ? 3 : 0),
  } as unknown as HostJobs;
  const projects = {
    list: () => [shop],
    add: (source: string) => {
      added.push(source);
      return Promise.resolve(shop);
    },
    branches: () => Promise.resolve({ branches: ['main'], current: 'main' }),
  } as unknown as Projects;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
    door = await openFrontDoor({ workspaces: { ...workspaces, quota }, projects, hostJobs, audit });
    writeRunningServer(join(folder, 'server.json'), {
      pid: 1,
      url: door.origin,
      version: 'test',
      token: door.access.cliToken,
    });
  });
  afterEach(async () => {
    await door.close();
    rmSync(folder, { recursive: true });
  });

  const run = async (...argv: string[]) => {
    const [out, err, started, opened]: [string[], string[], ServerOptions[], string[]] = [[], [], [], []];
    const status = await runProgram(argv, {
      streams: {
        out: { write: (text) => out.push(String(text)) > 0 },
        err: { write: (text) => err.push(String(text)) > 0 },
      },
      isInteractive: true,
      hasDisplay: true,
      paths: resolvePaths({ FARHAND_HOME: folder }, '/'),
      startServer: (options) => {
        started.push(options);
        let links = 0;
        return Promise.resolve({
          url: 'http://x',
          loginUrl: () => `http://x/login?code=${++links}`,
          close: () => Promise.resolve(),
        });
      },
      untilStopped: () => Promise.resolve(),
      ask: () => Promise.reject(new Error('nothing is asked here')),
      openBrowser: (url) => opened.push(url),
      versionOf: (program) => Promise.resolve(program === 'ssh' ? null : `${program} 1`),
    });
    return { status, out: out.join(''), err: err.join(''), started, opened };
  };

  it('serves with what was asked for, prints one link, and opens the browser with another', async () => {
    const ran = await run(
      'serve',
      '--port',
      '8000',
      '--host',
      '0.0.0.0',
      '--allow-remote',
      '--allowed-host',
      'far.example',
    );
    expect(ran.started).toMatchObject([
      { port: 8000, host: '0.0.0.0', isRemoteAllowed: true, allowedHosts: ['far.example'] },
    ]);
    expect(ran.out.match(/http:/g)).toHaveLength(1);
    expect(ran.opened).toEqual(['http://x/login?code=2']);
    expect((await run('serve', '--no-open')).opened).toEqual([]);
    expect(JSON.parse((await run('serve', '--json')).out)).toMatchObject({
      loginUrl: 'http://x/login?code=1',
    });
  });

  it('leaves the port open unless one was given, and refuses what is none', async () => {
    expect((await run('serve')).started).toMatchObject([
      { port: null, host: '127.0.0.1', isRemoteAllowed: false },
    ]);
    expect(await run('serve', '--port', '70000')).toMatchObject({ status: 1, started: [] });
  });

  it('prints a fresh link', async () => {
    expect((await run('login-url')).out).toBe('http://127.0.0.1/login?code=x\n');
  });

  it('passes the words after -- on, and ends with the status of the command', async () => {
    const ran = await run('exec', 'fix', '--', 'ls', '-la', '--json', 'a b');
    expect(ran).toMatchObject({ status: 3, out: 'ls|-la|--json|a b', err: 'warned' });
    expect((await run('exec', all[0]?.id ?? '', 'killed')).status).toBe(128 + 15);
    expect((await run('exec', 'fix', 'rebooted')).err).toContain('ended by the reboot');
    expect(JSON.parse((await run('exec', '--json', 'shop/fix', '--', 'ls')).out)).toMatchObject({
      exitCode: 3,
      signal: null,
    });
  });

  it('says which workspaces a name is of', async () => {
    const ran = await run('exec', 'docs', '--', 'ls');
    expect(ran.status).toBe(1);
    expect(ran.err).toContain(all[1]?.id);
    expect(ran.err).toContain(all[2]?.id);
  });

  it('lists workspaces, for a person and for a program', async () => {
    expect((await run('workspace', 'list')).out).toContain('shop/fix');
    expect(JSON.parse((await run('workspace', 'list', '--json')).out).workspaces).toHaveLength(3);
  });

  it('takes the folder it is called in as the project, and leaves a URL as it is', async () => {
    added.length = 0;
    await run('workspace', 'create', 'new', '--no-wait');
    await run('workspace', 'create', 'new', '--project', 'https://example.com/shop.git', '--no-wait');
    expect(added).toEqual([process.cwd(), 'https://example.com/shop.git']);
  });

  it('makes a workspace from the current branch', async () => {
    expect((await run('workspace', 'create', 'new', '--project', '/shop', '--no-wait')).out).toContain(
      'creating',
    );
    expect((await run('workspace', 'create', 'new')).status).toBe(1);
  });

  it('says what deleting would lose, without the letters that a terminal acts on', async () => {
    const refused = await run('workspace', 'delete', 'fix');
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('not committed: a�[31m.ts');
    expect(refused.err).toContain('--force');
    isAway = true;
    expect((await run('workspace', 'delete', 'fix', '--force')).out).toContain(
      'local is away: fix is deleted',
    );
    isAway = false;
    expect(await run('workspace', 'delete', 'fix', '--force')).toMatchObject({
      status: 0,
      out: 'Deleted fix.\n',
    });
    expect(deleted.at(-1)).toEqual({ force: true, forget: false });
    all.unshift(workspaceOf('fix'));
  });

  it('lists the jobs on a host, and sweeps it', async () => {
    const lines = (await run('jobs', 'local')).out.trimEnd().split('\n');
    expect(lines[1]).toMatch(/^job_\w+ {2}fix +running +2 KiB$/);
    expect(lines[2]).toMatch(/^job_\w+ {2}\(none\) +rebooted +0 KiB$/);
    expect(JSON.parse((await run('jobs', 'local', '--json')).out).jobs).toHaveLength(2);
    expect((await run('sweep', 'busy')).out).toBe('Removed 3 jobs and folders.\n');
    expect(JSON.parse((await run('sweep', 'idle', '--json')).out)).toEqual({ removed: 0 });
    expect((await run('jobs', '--', '-oProxyCommand=x')).err).toContain('not a host name');
  });

  it('tells an error with its next step, as JSON where asked, and ends with 1', async () => {
    rmSync(join(folder, 'server.json'));
    const ran = await run('login-url');
    expect(ran.status).toBe(1);
    expect(ran.err).toMatch(/No server is running.*\n.*farhand serve/);
    expect(JSON.parse((await run('login-url', '--json')).out).error.code).toBe('server.not_running');
  });

  it('sets what a workspace may take, and what is kept for the audit log', async () => {
    expect((await run('workspace', 'quota')).out).toBe('Each workspace may take 20 GiB on its host.\n');
    expect((await run('workspace', 'quota', '512M')).out).toContain('may take 512 MiB');
    expect((await run('workspace', 'quota', 'default')).out).toContain('may take 20 GiB');
    expect((await run('workspace', 'quota', 'much')).err).toContain('much is no size');
    expect((await run('workspace', 'quota', '20')).err).toMatch(
      /20 is too little for a workspace.*\n.*at least 10M/,
    );
    expect((await run('audit', 'keep', '--days', '30')).out).toContain(
      'for 30 days; what commands wrote, up to 5 GiB',
    );
    expect((await run('audit', 'keep', '--outputs', '7GiB')).out).toContain(
      'for 30 days; what commands wrote, up to 7 GiB',
    );
    expect((await run('audit', 'keep', '--forever', '--streams', 'no')).out).toContain(
      'for ever; what commands wrote, up to 7 GiB',
    );
    expect(kept).toEqual({ retentionDays: null, keepsStreams: false, maxOutputBytes: 7 * GIB });
    expect((await run('audit', 'keep', '--outputs', '1M')).status).toBe(1);
    expect((await run('audit', 'keep', '--outputs', 'all')).err).toContain('takes a size');
  });

  it('tells wrong use with what to type, as JSON where asked', async () => {
    expect(await run('host', 'list', '--bogus')).toMatchObject({
      status: 1,
      out: '',
      err: "error: unknown option '--bogus'\nSee `farhand host list --help`.\n",
    });
    expect((await run('host', 'lst')).err).toContain('Did you mean list?');
    expect((await run('nonsense')).err).toContain('See `farhand --help`.');
    const json = async (...argv: string[]) => {
      const { status, out, err } = await run(...argv);
      expect([status, err]).toEqual([1, '']);
      return JSON.parse(out).error;
    };
    expect(await json('host', 'add', '--json')).toMatchObject({
      code: 'request.invalid',
      message: "missing required argument 'name'",
      hint: 'See `farhand host add --help`.',
    });
    expect((await json('host', 'test', '--json')).message).toBe('name a host, or say --host');
    expect((await json('host', 'doctor', 'a b', '--json')).code).toBe('host.invalid_name');
    expect((await json('host', 'test', 'a b', '--json')).code).toBe('host.invalid_name');
    // The word is the command's own, behind the --.
    expect((await run('exec', '--bogus', 'fix', '--', 'ls', '--json')).out).toBe('');
  });

  it('tells a server that was killed from one that runs', async () => {
    await door.close();
    expect((await run('login-url')).err).toContain('No server is running');
    door = await openFrontDoor();
  });

  it('looks at what it needs, and fails where something is missing', async () => {
    const ran = await run('doctor', '--json');
    const checks = JSON.parse(ran.out).checks as { name: string; state: string }[];
    expect(Object.fromEntries(checks.map(({ name, state }) => [name, state]))).toMatchObject({
      node: 'ok',
      git: 'ok',
      ssh: 'bad',
      server: 'ok',
    });
    expect(ran.status).toBe(1);
  });
});
