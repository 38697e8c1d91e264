import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { projects } from '../store/schema.ts';
import { createSecrets } from './secrets.ts';
import { openVault } from './vault.ts';

const project = newId('project');
const other = newId('project');
const ofProject = { kind: 'project', projectId: project } as const;
const ofHost = { kind: 'host', hostId: LOCAL_HOST } as const;
const everywhere = { kind: 'global' } as const;
const place = { projectId: project, hostId: LOCAL_HOST };

describe('secrets', () => {
  let folder: string;
  let db: Database;
  let audit = recordedAudit();
  const open = () => createSecrets({ db, vault: openVault(join(folder, 'key')), audit });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-secrets-'));
    db = openDatabase(join(folder, 'db'));
    audit = recordedAudit();
    for (const id of [project, other])
      db.insert(projects).values({ id, name: id, path: id, createdAt: 'now', lastUsedAt: 'now' }).run();
  });
  afterEach(() => {
    vi.useRealTimers();
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('gives values to jobs and names to lists', () => {
    open().set(ofProject, 'TOKEN', 'first-value');
    open().set(ofProject, 'TOKEN', 'hunter2-value');
    const secrets = open();
    expect(secrets.environment(place, 'agent')).toEqual({ TOKEN: 'hunter2-value' });
    expect(secrets.list(ofProject)).toEqual([
      {
        scope: ofProject,
        name: 'TOKEN',
        kinds: ['agent', 'terminal', 'init'],
        form: { kind: 'variable' },
        setAt: expect.any(String),
        hiddenBy: [],
        oldHolders: [],
      },
    ]);
  });

  it('takes the project’s before the host’s and the host’s before the one of everywhere, and says so', () => {
    const secrets = open();
    secrets.set(everywhere, 'A', 'of-everywhere');
    expect(secrets.environment(place, 'init')).toEqual({ A: 'of-everywhere' });
    secrets.set(ofHost, 'A', 'of-the-host');
    expect(secrets.environment(place, 'init')).toEqual({ A: 'of-the-host' });
    secrets.set(ofProject, 'A', 'of-the-project');
    expect(secrets.environment(place, 'init')).toEqual({ A: 'of-the-project' });
    expect(secrets.environment({ ...place, projectId: other }, 'init')).toEqual({ A: 'of-the-host' });
    expect(secrets.list(everywhere)[0]?.hiddenBy).toEqual([ofHost, ofProject]);
    expect(secrets.list(ofHost)[0]?.hiddenBy).toEqual([ofProject]);
    expect(secrets.list()).toHaveLength(3);
  });

  it('gives a secret to the kinds of jobs that it is for, and no hidden one in its place', () => {
    const secrets = open();
    secrets.set(everywhere, 'A', 'of-everywhere');
    secrets.set(ofProject, 'A', 'of-the-project', { kinds: ['terminal'] });
    expect(secrets.environment(place, 'terminal')).toEqual({ A: 'of-the-project' });
    expect(secrets.environment(place, 'agent')).toEqual({});
    secrets.setKinds(ofProject, 'A', ['agent']);
    expect(secrets.environment(place, 'agent')).toEqual({ A: 'of-the-project' });
    expect(secrets.redactor(project).text('of-the-project of-everywhere')).toBe('[secret A] [secret A]');
  });

  it('covers what any host and kind has, but nothing of another project', () => {
    const secrets = open();
    secrets.set({ kind: 'host', hostId: LOCAL_HOST }, 'HOST_KEY', 'value-of-a-host', { kinds: ['init'] });
    secrets.set(everywhere, 'ALL', 'value-of-everywhere');
    secrets.set({ kind: 'project', projectId: other }, 'OTHER', 'value-of-other');
    expect(secrets.redactor(project).text('value-of-a-host value-of-everywhere value-of-other')).toBe(
      '[secret HOST_KEY] [secret ALL] value-of-other',
    );
  });

  it('covers the value of before until no job can have it any more', () => {
    vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') });
    const secrets = open();
    secrets.set(ofProject, 'TOKEN', 'first-value');
    const jobId = newId('job');
    const workspaceId = newId('workspace');
    const [given] = secrets.given(place, 'agent');
    if (!given) throw new Error('nothing is given');
    const job = { jobId, workspaceId, hostId: LOCAL_HOST, kind: 'agent' } as const;
    secrets.oldValues.delivered({ ...job, secrets: [given] });
    secrets.set(ofProject, 'TOKEN', 'other-value');
    expect(secrets.list(ofProject)[0]?.oldHolders).toEqual([{ ...job, startedAt: expect.any(String) }]);
    vi.advanceTimersByTime(120_000);
    expect(open().redactor(project).text('first-value other-value')).toBe('[secret TOKEN] [secret TOKEN]');
    // It ended, and what it printed is still on the host.
    secrets.oldValues.ended(jobId);
    expect(secrets.list(ofProject)[0]?.oldHolders).toEqual([]);
    expect(secrets.redactor(project).text('first-value')).toBe('[secret TOKEN]');
    secrets.oldValues.gone([jobId]);
    expect(secrets.redactor(project).text('first-value other-value')).toBe('first-value [secret TOKEN]');
  });

  it('goes on covering a removed value that a job has, and for a minute any', () => {
    vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') });
    const secrets = open();
    secrets.set(ofProject, 'TOKEN', 'first-value');
    secrets.remove(ofProject, 'TOKEN');
    expect(secrets.environment(place, 'agent')).toEqual({});
    expect(secrets.redactor(project).text('first-value')).toBe('[secret TOKEN]');
    vi.advanceTimersByTime(61_000);
    expect(secrets.redactor(project).text('first-value')).toBe('first-value');
  });

  it('refuses an unknown project, an unknown secret, and what no variable can hold', () => {
    const unknown = { kind: 'project', projectId: newId('project') } as const;
    const coded = (code: string) => expect.objectContaining({ code });
    expect(() => open().set(unknown, 'A', 'value')).toThrow(coded('project.not_found'));
    expect(() => open().remove(ofProject, 'A')).toThrow(coded('secret.not_found'));
    expect(() => open().set(ofProject, 'A', 'a\0b')).toThrow(coded('secret.not_text'));
    expect(() => open().set(ofProject, 'A', Buffer.from([0xff, 0xfe]))).toThrow(coded('secret.not_text'));
    expect(() => open().set(ofProject, 'A', 'x'.repeat(65_537))).toThrow(coded('secret.too_large'));
    expect(audit.entries.map(({ summary }) => summary)).toEqual([
      `Set the secret A of project ${unknown.projectId}`,
    ]);
  });

  it('keeps a file’s bytes as they are and gives a placeholder for its path', () => {
    const bytes = Buffer.from([0, 255, 10, 7, 128, 0, 65, 66, 67]);
    const secrets = open();
    secrets.set(everywhere, 'CERT', bytes, { form: { kind: 'file', fileName: 'cert.p12' } });
    expect(secrets.given(place, 'agent')[0]?.bytes).toEqual(bytes);
    expect(secrets.environment(place, 'agent')).toEqual({ CERT: 'farhand-secret-file:CERT' });
    expect(secrets.redactor(project).text(`x${bytes.toString('base64')}`)).toBe('x[secret CERT]');
  });

  it('imports all or nothing', () => {
    const secrets = open();
    secrets.set(ofProject, 'A', 'value-before');
    const bad = [
      { name: 'A', value: 'value-after' },
      { name: 'B', value: 'nul\0' },
    ];
    expect(() => secrets.addAll(ofProject, bad)).toThrow(
      expect.objectContaining({ code: 'secret.not_text' }),
    );
    expect(secrets.environment(place, 'agent')).toEqual({ A: 'value-before' });
    bad[1] = { name: 'B', value: 'good-value' };
    expect(secrets.addAll(ofProject, bad)).toEqual({ added: ['B'], replaced: ['A'] });
    expect(secrets.environment(place, 'agent')).toEqual({ A: 'value-after', B: 'good-value' });
    expect(JSON.stringify(audit.entries)).not.toMatch(/value-before|value-after|good-value/);
  });

  it('leaves no value in the database files', () => {
    const secrets = open();
    secrets.set(ofProject, 'TOKEN', 'canary-3f9a');
    secrets.set(everywhere, 'FILE', 'canary-3f9a', { form: { kind: 'file', fileName: 'a' } });
    secrets.set(ofProject, 'TOKEN', 'other');
    const forms = ['canary-3f9a', Buffer.from('canary-3f9a').toString('base64').slice(0, 12)];
    for (const suffix of ['', '-wal'])
      for (const form of forms) expect(readFileSync(join(folder, `db${suffix}`)).includes(form)).toBe(false);
  });
});
