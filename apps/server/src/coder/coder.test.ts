import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import type { Questions } from '@farhand/shared/runtime/questions';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import { openVault } from '../secrets/vault.ts';
import { createSettings } from '../store/settings.ts';
import { openTestDatabase, type TestDatabase } from '../store/testing/test-database.ts';
import { type Bench, openBench, outcomeOf } from '../workspaces/testing/bench.ts';
import { type Coder, createCoder } from './coder.ts';
import { installFakeCommand } from './testing/fake-command.ts';
import { type FakeDeployment, startFakeDeployment } from './testing/fake-deployment.ts';

const BY = { kind: 'cli', name: null } as const;
const folders: string[] = [];

/** As `installFakeCommand`; its folder goes with the others. */
function installFake(state: Record<string, unknown>) {
  const fake = installFakeCommand(state);
  folders.push(fake.folder);
  return fake;
}

let database: TestDatabase;
let inUse: Set<string>;
let resting: Set<string>;
const audit = recordedAudit();
const opened: Coder[] = [];

beforeEach(() => {
  database = openTestDatabase();
  inUse = new Set();
  resting = new Set();
});
afterEach(() => {
  for (const coder of opened.splice(0)) coder.close();
  database.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function open(environment: Readonly<Record<string, string | undefined>>): Coder {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-coder-key-'));
  folders.push(folder);
  const coder = createCoder({
    settings: createSettings(database.db),
    vault: openVault(join(folder, 'key')),
    audit,
    environment,
    isInUse: (hostId) => inUse.has(hostId),
    connections: {
      rest: (id) => void resting.add(id),
      wake: (id) => void resting.delete(id),
      seenRunning: (id) => void resting.delete(id),
    },
  });
  opened.push(coder);
  return coder;
}

/** Says yes to an unknown key, and counts how often it was asked. */
let keyQuestions = 0;
function yesToHostKeys(): Questions {
  return {
    ask: async ({ kind }) => {
      keyQuestions += kind === 'host_key' ? 1 : 0;
      return { kind: 'answered', text: 'yes', remember: false };
    },
  };
}

const one = async (coder: Coder, name: string) =>
  (await coder.list()).workspaces.find((found) => found.name === name);
const ended = (coder: Coder, name: string) =>
  expect.poll(async () => (await one(coder, name))?.build?.endedAt ?? null).not.toBeNull();

describe('coder by its command', () => {
  it('lists what the command lists', async () => {
    const { environment } = installFake({
      workspaces: { dev: { status: 'running' }, fresh: { status: 'stopped' } },
    });
    const listed = await open(environment).list();
    expect(listed).toMatchObject({ source: 'cli', url: null, problem: null });
    expect(listed.workspaces).toEqual([
      {
        name: 'dev',
        owner: 'ada',
        template: 'docker',
        hostId: 'coder.dev',
        status: 'running',
        isHealthy: true,
        isOutdated: false,
        lastUsedAt: '2026-11-20T08:00:00Z',
        build: null,
      },
      expect.objectContaining({ name: 'fresh', status: 'stopped', lastUsedAt: null }),
    ]);
  });

  it('starts and stops one, and tells how it goes', async () => {
    const fake = installFake({ workspaces: { dev: { status: 'stopped' } } });
    const coder = open(fake.environment);
    await coder.start('dev', BY);
    await ended(coder, 'dev');
    expect(await one(coder, 'dev')).toMatchObject({
      status: 'running',
      build: {
        transition: 'start',
        error: null,
        lines: expect.arrayContaining(['==> ⧗ Queued', '==> ⧗ Running']),
      },
    });
    inUse.add('coder.dev');
    await expect(coder.stop('dev', { force: false, by: BY })).rejects.toMatchObject({ code: 'coder.in_use' });
    expect(resting).toEqual(new Set());
    await coder.stop('dev', { force: true, by: BY });
    expect(resting).toEqual(new Set(['coder.dev']));
    await expect.poll(() => fake.read().workspaces.dev?.status).toBe('stopped');
    expect(audit.entries.map(({ summary }) => summary)).toContain('Stopped the Coder workspace dev');
    await ended(coder, 'dev');
    await coder.start('dev', BY);
    expect(resting).toEqual(new Set());
  });

  it('lets go of one that somebody else started, and of none that is stopped, or being stopped', async () => {
    const fake = installFake({ workspaces: { dev: { status: 'running' }, old: { status: 'stopped' } } });
    const coder = open(fake.environment);
    for (const id of ['coder.dev', 'coder.old']) resting.add(id);
    await coder.list();
    expect(resting).toEqual(new Set(['coder.old']));
    const listed = coder.list();
    await coder.stop('dev', { force: false, by: BY });
    await Promise.all([listed, coder.list()]);
    await ended(coder, 'dev');
    expect(resting).toEqual(new Set(['coder.old', 'coder.dev']));
  });

  it('tells why it failed', async () => {
    const fake = installFake({ workspaces: { dev: { status: 'stopped' } }, fails: true });
    const coder = open(fake.environment);
    await coder.start('dev', BY);
    await ended(coder, 'dev');
    expect((await one(coder, 'dev'))?.build?.error).toMatchObject({
      code: 'coder.failed',
      message: expect.stringContaining('terraform apply: exit status 1'),
    });
    await expect(coder.start('other', BY)).rejects.toMatchObject({ code: 'coder.not_found' });
    // What was not stopped is connected again.
    fake.write({ workspaces: { dev: { status: 'running' } }, fails: true });
    await coder.stop('dev', { force: false, by: BY });
    expect(resting).toEqual(new Set(['coder.dev']));
    await ended(coder, 'dev');
    expect(resting).toEqual(new Set());
  });

  it('says what is missing: the command, or the sign-in', async () => {
    expect(await open({ PATH: '/nowhere' }).list()).toMatchObject({
      source: null,
      workspaces: [],
      problem: { code: 'coder.not_installed' },
    });
    const { environment } = installFake({ workspaces: {}, signedOut: true });
    expect(await open(environment).list()).toMatchObject({
      source: 'cli',
      problem: { code: 'coder.signed_out' },
    });
  });

  it('takes no list that is none, and no name that is an option', async () => {
    const fake = installFake({ workspaces: {} });
    writeFileSync(
      fake.command,
      '#!/bin/sh\necho \'[{"id":"1","name":"--evil","owner_name":"x","latest_build":{"status":"running"}}]\'\n',
    );
    expect(await open(fake.environment).list()).toMatchObject({
      workspaces: [],
      problem: { code: 'coder.failed' },
    });
  });
});

describe('coder by its API', () => {
  let deployment: FakeDeployment;
  beforeEach(async () => {
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`box-${index}`, 'stopped']));
    deployment = await startFakeDeployment({ dev: 'stopped', ...many });
  });
  afterEach(() => deployment.close());

  it('lists all pages, starts and stops with the lines of the log', async () => {
    const coder = open({ PATH: '/nowhere' });
    await coder.connect(deployment.url, deployment.token, BY);
    const listed = await coder.list();
    expect([listed.source, listed.url, listed.workspaces.length]).toEqual(['api', deployment.url, 131]);
    await coder.start('dev', BY);
    await ended(coder, 'dev');
    expect(await one(coder, 'dev')).toMatchObject({
      status: 'running',
      build: { lines: ['Queued', 'Terraform apply', 'Done'], error: null },
    });
    deployment.nextJob = 'failed';
    await coder.stop('dev', { force: false, by: BY });
    await ended(coder, 'dev');
    expect((await one(coder, 'dev'))?.build?.error?.message).toBe('The build failed: no more disks');
  }, 30_000);

  it('keeps no token that does not open, and none in the clear', async () => {
    const coder = open({ PATH: '/nowhere' });
    await expect(coder.connect(deployment.url, 'wrong', BY)).rejects.toMatchObject({
      code: 'coder.signed_out',
    });
    expect(await coder.list()).toMatchObject({ source: null });
    await expect(coder.connect('http://coder.example.com', 'x', BY)).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await coder.connect(deployment.url, deployment.token, BY);
    const kept = createSettings(database.db).all('');
    expect(Object.keys(kept)).toContain('coder_token');
    expect(JSON.stringify([kept, audit.entries])).not.toContain(deployment.token);
    coder.disconnect(BY);
    expect(await coder.list()).toMatchObject({ source: null, url: null });
  });
});

describe('workspaces of ours on one of Coder’s', { timeout: 90_000 }, () => {
  let sshd: TestSshd;
  let bench: Bench;
  let fake: ReturnType<typeof installFake>;
  const hostId = 'coder.dev' as HostId;

  beforeAll(async () => {
    sshd = await startSshd();
    fake = installFake({ workspaces: { dev: { status: 'stopped' } }, port: sshd.port });
    folders.splice(folders.indexOf(fake.folder), 1);
    // As coder config-ssh writes it.
    const proxy = `env FAKE_CODER=${fake.environment.FAKE_CODER} ${fake.command} ssh --stdio --ssh-host-prefix coder. %h`;
    const config = join(fake.folder, 'ssh_config');
    const identity = readFileSync(sshd.sshConfigPath, 'utf8')
      .split('\n')
      .filter((line) => /^\s*(identityfile|identitiesonly|user)\b/i.test(line))
      .join('\n');
    const forgetful = '  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n';
    writeFileSync(config, `Host coder.*\n${forgetful}${identity}\n  ProxyCommand ${proxy}\n`);
    const runtime = createSshRuntime({
      hostId,
      sshConfigPath: config,
      knownHostsPath: join(fake.folder, 'known hosts'),
      environment: { ...process.env },
      questions: yesToHostKeys(),
    });
    bench = openBench({ hostId, runtime, home: sshd.home });
  });
  afterAll(async () => {
    await bench.close();
    await sshd.stop();
    rmSync(fake.folder, { recursive: true });
  });

  it('are made through its proxy command, which starts it, and work side by side', async () => {
    const shop = bench.repository();
    shop.write('a.txt', 'a\n');
    shop.commit('first');
    const { id: projectId } = await bench.projects.add(shop.path);
    const first = await bench.make({ projectId, name: 'first' });
    const second = await bench.make({ projectId, name: 'second' });
    expect([outcomeOf(first), outcomeOf(second)]).toEqual(['ready', 'ready']);
    expect([fake.read().workspaces.dev?.status, keyQuestions]).toEqual(['running', 1]);
    const told = await Promise.all(
      [first, second].map(({ id }) => bench.workspaces.exec(id, ['git', 'branch', '--show-current'])),
    );
    expect(told.map(({ stdout }) => Buffer.from(stdout, 'base64').toString().trim())).toEqual([
      first.branch,
      second.branch,
    ]);
  });
});
