import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../api/testing/fixture.ts';
import { recordedAudit } from '../../audit/testing/recorded-audit.ts';
import { type Coder, createCoder } from '../../coder/coder.ts';
import { installFakeCommand } from '../../coder/testing/fake-command.ts';
import { writeRunningServer } from '../../config/running-server.ts';
import { openVault } from '../../secrets/vault.ts';
import { createSettings } from '../../store/settings.ts';
import { runCommand } from '../testing/run-command.ts';

let folder: string;
let fake: ReturnType<typeof installFakeCommand>;
let coder: Coder;
let door: FrontDoor;
let inUse: string[];
const audit = recordedAudit();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farhand-cli-'));
  fake = installFakeCommand({
    workspaces: { dev: { status: 'stopped' }, 'old-data': { status: 'running' } },
  });
  inUse = [];
  audit.entries.length = 0;
  // The domain keeps its settings in the database of the door, which is there only after it.
  door = await openFrontDoor({
    coder: {
      list: () => coder.list(),
      start: (name, by) => coder.start(name, by),
      stop: (name, how) => coder.stop(name, how),
    } as Coder,
  });
  coder = createCoder({
    settings: createSettings(door.db),
    vault: openVault(join(folder, 'key')),
    audit,
    environment: fake.environment,
    isInUse: (hostId) => inUse.includes(hostId),
    connections: { rest: () => {}, wake: () => {}, seenRunning: () => {} },
  });
  const token = door.access.cliToken;
  writeRunningServer(join(folder, 'server.json'), { pid: 1, url: door.origin, version: 'test', token });
});
afterEach(async () => {
  coder.close();
  await door.close();
  rmSync(folder, { recursive: true });
  rmSync(fake.folder, { recursive: true });
});

const run = (...argv: string[]) => runCommand(folder, argv, false);

describe('farhand coder', () => {
  it('lists the workspaces as hosts', async () => {
    const { status, out } = await run('coder', 'list');
    expect([status, out.split('\n')]).toEqual([
      0,
      [
        'HOST            STATUS   TEMPLATE',
        'coder.dev       stopped  docker',
        'coder.old-data  running  docker    outdated',
        '',
      ],
    ]);
    const listed = JSON.parse((await run('coder', 'list', '--json')).out);
    expect([listed.source, listed.workspaces.map(({ name }: { name: string }) => name)]).toEqual([
      'cli',
      ['dev', 'old-data'],
    ]);
    fake.write({ workspaces: {} });
    expect((await run('coder', 'list')).out).toBe('No workspaces at Coder.\n');
  });

  it('starts one and tells how it goes, on stderr alone', async () => {
    expect(await run('coder', 'start', 'dev')).toEqual({
      status: 0,
      out: 'dev: running\n',
      err: expect.stringContaining('The dev workspace has been started!'),
    });
    expect(fake.read().workspaces.dev?.status).toBe('running');
    expect(audit.entries).toMatchObject([{ actor: { kind: 'cli' }, hostId: 'coder.dev' }]);
    // What runs is no error.
    expect((await run('coder', 'start', 'dev')).status).toBe(0);
    const { out, err } = await run('coder', 'stop', 'dev', '--json');
    expect([JSON.parse(out).workspace.status, err]).toEqual(['stopped', '']);
  });

  it('stops none that is worked on, unless it is forced', async () => {
    inUse.push('coder.old-data');
    const refused = await run('coder', 'stop', 'old-data');
    expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('Agents or terminals run on') });
    expect(fake.read().workspaces['old-data']?.status).toBe('running');
    expect((await run('coder', 'stop', 'old-data', '--force')).out).toBe('old-data: stopped\n');
  });

  it('ends with 1 and says why where Coder cannot or will not', async () => {
    expect((await run('coder', 'start', 'nowhere')).err).toContain('Coder has no workspace nowhere');
    expect((await run('coder', 'start', '--', '-x')).status).toBe(1);
    fake.write({ workspaces: { dev: { status: 'stopped' } }, fails: true });
    const failed = await run('coder', 'start', 'dev', '--json');
    expect([failed.status, JSON.parse(failed.out).error]).toMatchObject([
      1,
      { code: 'coder.failed', message: expect.stringContaining('terraform apply: exit status 1') },
    ]);
    fake.write({ workspaces: {}, signedOut: true });
    const signedOut = await run('coder', 'list');
    expect(signedOut).toMatchObject({ status: 1, err: expect.stringContaining('coder login') });
  });
});
