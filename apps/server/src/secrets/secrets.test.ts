import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { projects } from '../store/schema.ts';
import { createSecrets } from './secrets.ts';
import { openVault } from './vault.ts';

describe('secrets', () => {
  const project = newId('project');
  let folder: string;
  let db: Database;
  const open = () => createSecrets({ db, vault: openVault(join(folder, 'key')) });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-secrets-'));
    db = openDatabase(join(folder, 'db'));
    db.insert(projects)
      .values({ id: project, name: 'shop', path: '/shop', createdAt: 'now', lastUsedAt: 'now' })
      .run();
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('gives values to jobs and names to lists', () => {
    open().set(project, 'TOKEN', 'first-value');
    open().set(project, 'TOKEN', 'hunter2-value');
    const secrets = open();
    expect(secrets.environment(project)).toEqual({ TOKEN: 'hunter2-value' });
    expect(secrets.list(project)).toEqual([{ name: 'TOKEN', updatedAt: expect.any(String) }]);
  });

  it('redacts with the values as they are now', () => {
    const secrets = open();
    secrets.set(project, 'TOKEN', 'first-value');
    expect(secrets.redactor(project).text('first-value')).toBe('[secret TOKEN]');
    secrets.set(project, 'TOKEN', 'other-value');
    expect(secrets.redactor(project).text('first-value other-value')).toBe('first-value [secret TOKEN]');
    secrets.remove(project, 'TOKEN');
    expect(secrets.redactor(project).text('other-value')).toBe('other-value');
  });

  it('refuses an unknown project and an unknown secret', () => {
    expect(() => open().set(newId('project'), 'A', 'value')).toThrow(
      expect.objectContaining({ code: 'project.not_found' }),
    );
    expect(() => open().remove(project, 'A')).toThrow(expect.objectContaining({ code: 'secret.not_found' }));
  });

  it('leaves no value in the database files', () => {
    open().set(project, 'TOKEN', 'canary-3f9a');
    for (const suffix of ['', '-wal'])
      expect(readFileSync(join(folder, `db${suffix}`)).includes('canary-3f9a')).toBe(false);
  });
});
