import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { logins, projects, secrets } from './schema.ts';

const login = { tokenHash: 'hash', createdAt: 'then', lastSeenAt: 'now' };

describe('openDatabase', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'farhand-store-'));
    file = join(folder, 'farhand.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes every table of the schema, and finds the data again', () => {
    const first = openDatabase(file);
    first.insert(logins).values(login).run();
    first.close();
    const second = openDatabase(file);
    expect(second.select({ tokenHash: logins.tokenHash }).from(logins).all()).toEqual([
      { tokenHash: 'hash' },
    ]);
    second.close();
  });

  it('keeps the files from other users', () => {
    const database = openDatabase(file);
    database.insert(logins).values(login).run();
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
    database.close();
  });

  it('holds foreign keys and uses a write-ahead log', () => {
    const database = openDatabase(file);
    const orphan = { projectId: 'prj_none', name: 'A', sealed: 'x', updatedAt: 'now' };
    expect(() => database.insert(secrets).values(orphan).run()).toThrow(/FOREIGN KEY/);
    expect(database.all<{ journal_mode: string }>(sql`PRAGMA journal_mode`)[0]?.journal_mode).toBe('wal');
    expect(database.all<{ timeout: number }>(sql`PRAGMA busy_timeout`)[0]?.timeout).toBe(5000);
    database.close();
  });

  it('undoes a transaction that throws, and answers undefined for a row that is not there', () => {
    const database = openDatabase(file);
    const failing = () =>
      database.transaction((tx) => {
        tx.insert(logins).values(login).run();
        throw new Error('stop');
      });
    expect(failing).toThrow('stop');
    const row = database
      .select({ at: logins.createdAt })
      .from(logins)
      .where(eq(logins.tokenHash, 'hash'))
      .get();
    expect(row).toBeUndefined();
    expect(database.select().from(projects).all()).toEqual([]);
    database.close();
  });
});
