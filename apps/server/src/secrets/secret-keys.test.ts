import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { modelProviders, projects } from '../store/schema.ts';
import { hasSealedTexts, ROOT_SETTING } from '../store/sealed-texts.ts';
import { createSettings } from '../store/settings.ts';
import { readGivenKey } from './given-key.ts';
import { type GivenKey, masterKey } from './master-key.ts';
import { createSecretKeys, finishKeyChange } from './secret-keys.ts';
import { createSecrets } from './secrets.ts';
import { openVault } from './vault.ts';

const project = newId('project');
const scope = { kind: 'project', projectId: project } as const;
const by = { kind: 'cli', name: null } as const;
const coded = (code: string) => expect.objectContaining({ code });

describe('the key of the secrets', () => {
  let folder: string;
  let keyFile: string;
  let db: Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-keys-'));
    keyFile = join(folder, 'secrets.key');
    db = openDatabase(join(folder, 'db'));
    db.insert(projects).values({ id: project, name: 'a', path: '/a', createdAt: '', lastUsedAt: '' }).run();
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  /** As a start of the server does it. */
  function start(given: GivenKey | null = null, killAt: string | null = null) {
    const master = masterKey(keyFile, given);
    finishKeyChange(db, keyFile);
    const root = () => createSettings(db).get(ROOT_SETTING);
    const vault = openVault(master, { hasSealed: () => hasSealedTexts(db), root });
    const onStep = (step: string) => {
      if (step === killAt) throw new Error('killed');
    };
    return {
      vault,
      secrets: createSecrets({ db, vault }),
      keys: createSecretKeys({ db, vault, master, onStep }),
    };
  }
  function fill({ secrets, vault }: ReturnType<typeof start>): Uint8Array {
    secrets.set(scope, 'TOKEN', 'first-value');
    secrets.set(scope, 'TOKEN', 'hunter2-value');
    secrets.set({ kind: 'global' }, 'CERT', 'a file', { form: { kind: 'file', fileName: 'cert' } });
    const sealedKey = vault.seal('model-key', 'model:acme');
    db.insert(modelProviders).values({ id: 'acme', kind: 'openai', sealedKey, models: '[]' }).run();
    createSettings(db).set('push_keys', vault.seal('push-key', 'push_keys'));
    return vault.derive('audit');
  }
  const expectAll = ({ vault, secrets }: ReturnType<typeof start>, derived: Uint8Array) => {
    expect(secrets.covered(project).map(({ bytes }) => String(bytes))).toEqual([
      'a file',
      'hunter2-value',
      'first-value',
    ]);
    const [model] = db.select().from(modelProviders).all();
    expect(vault.open(model?.sealedKey ?? '', 'model:acme')).toBe('model-key');
    expect(vault.open(createSettings(db).get('push_keys') ?? '', 'push_keys')).toBe('push-key');
    expect(vault.derive('audit')).toEqual(derived);
  };

  it('is replaced in its file, with all that is sealed, now and after a restart', () => {
    const server = start();
    const derived = fill(server);
    const before = readFileSync(keyFile, 'utf8');
    expect(server.keys.change(null, by)).toEqual({ source: 'file', resealed: 5 });
    expect(readFileSync(keyFile, 'utf8')).not.toBe(before);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(existsSync(`${keyFile}.new`)).toBe(false);
    expectAll(server, derived);
    server.keys.change(null, by);
    expectAll(start(), derived);
    writeFileSync(keyFile, before);
    expect(() => start().secrets.covered(project)).toThrow(coded('secret.key_unreadable'));
  });

  it.each(['made', 'sealed', 'stored'])('loses nothing where the server is killed once it is %s', (step) => {
    const derived = fill(start());
    expect(() => start(null, step).keys.change(null, by)).toThrow('killed');
    expect(existsSync(`${keyFile}.new`)).toBe(true);
    expectAll(start(), derived);
    expect(existsSync(`${keyFile}.new`)).toBe(false);
    start().keys.change(null, by);
    expectAll(start(), derived);
  });

  it('is taken from the environment or a command, and changed by one that is given', async () => {
    const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const how = { environment: { PATH: process.env.PATH } };
    const given = await readGivenKey({ key: undefined, command: `echo ${first}` }, how);
    expect(given).toEqual({ source: 'command', text: `${first}\n` });
    const server = start(given);
    const derived = fill(server);
    expect(existsSync(keyFile)).toBe(false);
    expect(() => server.keys.change(null, by)).toThrow(coded('secret.key_invalid'));
    expect(() => server.keys.change('c2hvcnQ=', by)).toThrow(coded('secret.key_invalid'));
    server.keys.change(second, by);
    expectAll(server, derived);
    expectAll(start({ source: 'environment', text: second }), derived);
    expect(() => start(given).secrets.covered(project)).toThrow(/FARHAND_KEY_COMMAND does not open/);
    expect(() => start({ source: 'environment', text: 'x' }).secrets.covered(project)).toThrow(
      coded('secret.key_invalid'),
    );
  });

  it('tells how its command ended and nothing of what it printed', async () => {
    const how = { environment: { PATH: process.env.PATH }, timeoutMs: 2000 };
    const failing = readGivenKey({ key: undefined, command: 'echo canary-key; exit 3' }, how);
    const error = await failing.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'secret.key_command_failed',
      message: expect.stringContaining('status 3'),
    });
    expect(JSON.stringify(error)).not.toContain('canary-key');
    await expect(readGivenKey({ key: undefined, command: 'exec yes' }, how)).rejects.toThrow(
      'more than a key',
    );
    await expect(
      readGivenKey({ key: undefined, command: 'sleep 60 & sleep 60' }, { ...how, timeoutMs: 200 }),
    ).rejects.toThrow('0.2 seconds');
  });

  it('came from a store of before the scopes: the secrets are the project’s, for all jobs', () => {
    const sealed = openVault(keyFile).seal('old-value', `secret/${project}/OLD`);
    db.close();
    const file = join(folder, 'old.db');
    const before = `CREATE TABLE projects (id text PRIMARY KEY);
      INSERT INTO projects VALUES ('${project}');
      CREATE TABLE secrets (project_id text NOT NULL, name text NOT NULL, sealed text NOT NULL, updated_at text NOT NULL);
      INSERT INTO secrets VALUES ('${project}', 'OLD', '${sealed}', '2026-01-01T00:00:00.000Z');`;
    const migration = readFileSync(new URL('../../migrations/0013_secrets.sql', import.meta.url), 'utf8');
    const script = `const Sqlite = require('libsql'); const db = new Sqlite(process.argv[1]);
      db.exec(process.argv[2]);
      console.log(JSON.stringify(db.prepare('SELECT scope, owner, name, project_id, kinds, file_name, sealed FROM secrets').all()))`;
    const rows = execFileSync(process.execPath, ['-e', script, file, before + migration], {
      encoding: 'utf8',
    });
    expect(JSON.parse(rows)).toEqual([
      {
        scope: 'project',
        owner: project,
        name: 'OLD',
        project_id: project,
        kinds: '["agent","terminal","init"]',
        file_name: null,
        sealed,
      },
    ]);
    db = openDatabase(join(folder, 'db'));
  });
});
