import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createSshRuntime } from '@farhand/runtime-ssh/runtime';
import type { HostId } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import type { SecretKind } from '@farhand/shared/model/secrets';
import type { Runtime } from '@farhand/shared/runtime/port';
import { startSshd, type TestSshd } from '@farhand/shared/testing/sshd';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import { carryOut } from '../host-tasks/carry-out.ts';
import type { Log } from '../logging/log.ts';
import type { JobUse } from '../protection/job-use.ts';
import type { ProtectedPlace } from '../protection/protect.ts';
import { wrapRuntime } from '../runtimes/wrapped-runtime.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { projects } from '../store/schema.ts';
import { followJob } from '../workspaces/follow-job.ts';
import { createSecretFiles } from './secret-files.ts';
import { removeSecretFolders, secretFolders } from './secret-folder.ts';
import { createSecretUpkeep } from './secret-upkeep.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { openVault } from './vault.ts';

const project = newId('project');
const everywhere = { kind: 'global' } as const;
const PEM = '-----BEGIN KEY-----\ncanary-file-5512-aaaa\n-----END KEY-----\n';

let sshd: TestSshd;
let runtime: Runtime;
let hostId: HostId;
beforeAll(async () => {
  sshd = await startSshd();
  hostId = sshd.alias as HostId;
  runtime = createSshRuntime({ hostId, sshConfigPath: sshd.sshConfigPath });
});
afterAll(async () => {
  await runtime.close();
  await sshd.stop();
});

describe('files that are secrets, over ssh', { timeout: 60_000 }, () => {
  let db: Database;
  let secrets: Secrets;
  let audit = recordedAudit();
  let place: ProtectedPlace;
  beforeEach(() => {
    audit = recordedAudit();
    db = openDatabase(join(sshd.directory, `${newId('job')}.db`));
    db.insert(projects).values({ id: project, name: 'a', path: '/a', createdAt: '', lastUsedAt: '' }).run();
    secrets = createSecrets({ db, vault: openVault(join(sshd.directory, 'key')), audit });
    place = { workspaceId: newId('workspace'), projectId: project, hostId, directory: sshd.home };
  });
  afterEach(async () => {
    await removeSecretFolders(runtime, place.workspaceId);
    db.close();
  });

  const use = (kind: SecretKind): JobUse => ({ kind, sessionId: null, by: { kind: 'page', name: null } });
  const layered = (kind: SecretKind) => createSecretFiles({ secrets, audit })(runtime, place, use(kind));

  /** What a job of this kind prints. */
  async function run(kind: SecretKind, script: string): Promise<string> {
    const protectedRuntime = layered(kind);
    const id = newId('job');
    let printed = '';
    await followJob(protectedRuntime, id, {
      start: {
        id,
        command: { script },
        cwd: sshd.home,
        env: secrets.environment(place, kind),
        mergeOutput: true,
        label: place.workspaceId,
      },
      onOutput: (_stream, _offset, bytes) => void (printed += Buffer.from(bytes).toString()),
    });
    return printed;
  }

  it('stand in memory before the job, for their owner alone, and the variable holds the path', async () => {
    secrets.set(everywhere, 'KEY', PEM, { form: { kind: 'file', fileName: 'id_ed25519' } });
    const printed = await run(
      'agent',
      'cat "$KEY"; stat -c %a "$KEY" "$(dirname "$KEY")" "$(dirname "$(dirname "$KEY")")"; stat -f -c %T "$KEY"; echo "$KEY"',
    );
    const path = printed.trim().split('\n').at(-1) ?? '';
    expect(printed).toBe(`${PEM}600\n700\n700\ntmpfs\n${path}\n`);
    const [inMemory = ''] = secretFolders(sshd.home, place.workspaceId, 'agent');
    expect(path).toBe(`${inMemory}/KEY/id_ed25519`);
    expect(audit.entries.filter(({ kind }) => kind === 'secret')).toMatchObject([
      { hostId, facts: { secret: 'KEY', scope: 'everywhere', jobKind: 'agent', form: 'file' } },
    ]);
    expect(JSON.stringify(audit.entries)).not.toContain('canary-file');
  });

  it('are written anew when the value was replaced, and commands get them too', async () => {
    const form = { kind: 'file', fileName: 'a.json' } as const;
    secrets.set(everywhere, 'FILE', 'first', { form });
    expect(await run('terminal', 'cat "$FILE"')).toBe('first');
    secrets.set(everywhere, 'FILE', 'second', { form });
    const { stdout } = await layered('terminal').exec(
      { script: 'cat "$FILE"' },
      { env: secrets.environment(place, 'terminal') },
    );
    expect(Buffer.from(stdout).toString()).toBe('second');
  });

  it('are replaced and removed under running jobs too, and what is not given any more goes', async () => {
    const form = { kind: 'file', fileName: 'a' } as const;
    const log = { warn: vi.fn<Log['warn']>() };
    const full = wrapRuntime(runtime, { files: { write: () => Promise.reject(new Error('no room')) } });
    let isFull = false;
    const runtimes = { for: () => (isFull ? full : runtime) };
    const hostTasks = {
      arrivals: { onArrival: () => {}, watch: () => {}, close: () => {} },
      listen: () => {},
    };
    const upkeep = createSecretUpkeep({ secrets, runtimes, hostTasks, log });
    for (const name of ['A', 'B', 'C']) secrets.set(everywhere, name, `first of ${name}`, { form });
    const protectedRuntime = layered('agent');
    const id = newId('job');
    const env = secrets.environment(place, 'agent');
    await protectedRuntime.jobs.start({
      id,
      command: { script: 'read x' },
      cwd: sshd.home,
      env,
      input: true,
    });
    const [folder = ''] = secretFolders(sshd.home, place.workspaceId, 'agent');
    secrets.set(everywhere, 'A', 'second', { form });
    await vi.waitFor(() => expect(readFileSync(join(folder, 'A/a'), 'utf8')).toBe('second'), 10_000);
    secrets.remove(everywhere, 'B');
    await vi.waitFor(() => expect(readdirSync(folder).toSorted()).toEqual(['A', 'C']), 10_000);
    expect(log.warn).not.toHaveBeenCalled();
    // What cannot be done now is told, and done by the next job.
    isFull = true;
    secrets.set(everywhere, 'A', 'third', { form });
    await vi.waitFor(() => expect(log.warn).toHaveBeenCalledOnce(), 10_000);
    expect(log.warn.mock.calls[0]).toMatchObject(['secret_file.not_changed', { name: 'A' }]);
    isFull = false;
    upkeep.close();
    secrets.setKinds(everywhere, 'C', ['init']);
    expect(await run('agent', 'cat "$A"; ls "$(dirname "$A")/.."')).toBe('thirdA\n');
    await protectedRuntime.jobs.remove(id);
  });

  it('are for the kinds of jobs that they are for', async () => {
    secrets.set(everywhere, 'A', 'canary-agents', {
      kinds: ['agent'],
      form: { kind: 'file', fileName: 'a' },
    });
    secrets.set(everywhere, 'T', 'canary-terminals', { kinds: ['terminal'] });
    const show = 'env | grep -E "^(A|T)=" | cut -d= -f1; env | grep -c canary';
    expect(await run('agent', show)).toBe('A\n0\n');
    expect(await run('terminal', show)).toBe('T\n1\n');
    expect(await run('init', show)).toBe('0\n');
    expect(secretFolders(sshd.home, place.workspaceId, 'terminal').some(existsSync)).toBe(false);
  });

  it('go with the workspace', async () => {
    secrets.set(everywhere, 'KEY', PEM, { form: { kind: 'file', fileName: 'key' } });
    await run('agent', 'true');
    const [folder = ''] = secretFolders(sshd.home, place.workspaceId);
    expect(existsSync(folder)).toBe(true);
    const directory = join(sshd.home, '.farhand/workspaces', `x-${place.workspaceId.slice(-6)}`);
    await carryOut(runtime, { kind: 'clear_workspace', hostId, workspaceId: place.workspaceId, directory });
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(dirname(folder))).toBe(false);
  });

  it.each([
    ['a link to a folder of the planter', (at: string, elsewhere: string) => symlinkSync(elsewhere, at)],
    ['a folder that others may read', (at: string) => mkdirSync(at, { mode: 0o755 })],
  ])('are never written to what stands in their place: %s', async (_what, plant) => {
    secrets.set(everywhere, 'KEY', PEM, { form: { kind: 'file', fileName: 'key' } });
    const [inMemory = '', inHome = ''] = secretFolders(sshd.home, place.workspaceId);
    const planted = dirname(inMemory);
    const elsewhere = join(sshd.directory, 'elsewhere');
    mkdirSync(elsewhere, { recursive: true, mode: 0o777 });
    rmSync(planted, { recursive: true, force: true });
    plant(planted, elsewhere);
    if (lstatSync(planted).isDirectory()) chmodSync(planted, 0o755);
    try {
      expect(await run('init', 'cat "$KEY"; echo "$KEY"')).toBe(`${PEM}${inHome}/init/KEY/key\n`);
      expect(readdirSync(elsewhere)).toEqual([]);
      expect(lstatSync(planted).isDirectory() ? readdirSync(planted) : []).toEqual([]);
      await removeSecretFolders(runtime, place.workspaceId);
      expect(existsSync(inHome)).toBe(false);
    } finally {
      rmSync(planted, { recursive: true, force: true });
    }
  });

  it('keep a job from starting where they cannot be written', async () => {
    secrets.set(everywhere, 'KEY', PEM, { form: { kind: 'file', fileName: 'key' } });
    const [inMemory = ''] = secretFolders(sshd.home, place.workspaceId);
    const stand = join(sshd.home, '.farhand/secrets');
    rmSync(stand, { recursive: true, force: true });
    rmSync(dirname(inMemory), { recursive: true, force: true });
    symlinkSync('/tmp', stand);
    symlinkSync('/tmp', dirname(inMemory));
    try {
      await expect(run('agent', 'touch started')).rejects.toMatchObject({ code: 'secret.file_not_written' });
      expect(existsSync(join(sshd.home, 'started'))).toBe(false);
    } finally {
      rmSync(stand);
      rmSync(dirname(inMemory));
    }
  });

  it('tell which running jobs still have the value of before, and forget it once they are gone', async () => {
    secrets.set(everywhere, 'TOKEN', 'canary-before');
    const protectedRuntime = layered('agent');
    const id = newId('job');
    const env = secrets.environment(place, 'agent');
    await protectedRuntime.jobs.start({
      id,
      command: { script: 'read line' },
      cwd: sshd.home,
      env,
      input: true,
    });
    secrets.set(everywhere, 'TOKEN', 'canary-after');
    expect(secrets.list()[0]?.oldHolders).toMatchObject([{ jobId: id, hostId, kind: 'agent' }]);
    const jobs = await runtime.jobs.list();
    secrets.oldValues.seen(
      hostId,
      jobs.map((job) => ({ id: job.id, isRunning: job.status.state === 'running' })),
    );
    expect(secrets.list()[0]?.oldHolders).toHaveLength(1);
    await protectedRuntime.jobs.stop(id);
    expect(secrets.list()[0]?.oldHolders).toEqual([]);
    expect(secrets.redactor(project).text('canary-before')).toBe('[secret TOKEN]');
    await protectedRuntime.jobs.remove(id);
    expect(readFileSync(join(sshd.directory, 'key'), 'utf8')).toHaveLength(45);
  });
});
