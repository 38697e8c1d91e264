import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import { eq, sql } from 'drizzle-orm';
import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSearchStore } from '../search/search-store.ts';
import { createSessionStore } from '../sessions/session-store.ts';
import { createWorkspaceStore } from '../workspaces/workspace-store.ts';
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

  it('takes over the rows of the release before, which asked for no approval', () => {
    const folderOf = (path: string) => new URL(`../../migrations/${path}`, import.meta.url);
    const journal = JSON.parse(readFileSync(folderOf('meta/_journal.json'), 'utf8'));
    const released: { tag: string; when: number }[] = journal.entries.slice(0, 4);
    const before = new Sqlite(file);
    before.exec('CREATE TABLE migrations (created_at INTEGER PRIMARY KEY, hash TEXT NOT NULL)');
    for (const { tag, when } of released) {
      for (const sql of readFileSync(folderOf(`${tag}.sql`), 'utf8').split('--> statement-breakpoint'))
        before.exec(sql);
      before.prepare('INSERT INTO migrations VALUES (?, ?)').run(when, tag);
    }
    const [project, workspace, session] = [newId('project'), newId('workspace'), newId('session')];
    before.exec(`INSERT INTO projects (id, name, path, created_at, last_used_at) VALUES ('${project}', 'p', '/p', '', '');
      INSERT INTO workspaces (id, project_id, name, host_id, base_branch, branch, transfer, state, steps, created_at)
        VALUES ('${workspace}', '${project}', 'w', 'local', 'm', 'w', 'history', 'ready', '[]', '');
      INSERT INTO sessions (id, workspace_id, title, agent, state, last_seq, usage, created_at, updated_at)
        VALUES ('${session}', '${workspace}', 't', 'builtin', 'done', 1, '{"input":1,"output":2,"cachedInput":0}', '', '')`);
    before.close();
    const database = openDatabase(file);
    const none = { parent: null, costUsd: null, context: null };
    expect(createSessionStore(database).all()).toMatchObject([{ id: session, state: 'done', ...none }]);
    const [kept] = createWorkspaceStore(database).all();
    expect(kept).toMatchObject({ id: workspace, approvalPolicy: 'never', fork: null, move: null });
    expect(createSearchStore(database).behind()).toEqual([session]);
    database.close();
  });

  it('tells what went wrong where that ended the transaction, as a full disk does', () => {
    const database = openDatabase(file);
    const failing = () =>
      database.transaction((tx) => {
        tx.run(sql`ROLLBACK`);
        throw new Error('no room');
      });
    expect(failing).toThrow('no room');
    database.close();
  });

  it('leaves alone what a later version has changed', () => {
    openDatabase(file).close();
    const later = new Sqlite(file);
    later.exec(`INSERT INTO migrations VALUES (${Date.now() + 1e9}, 'later')`);
    later.close();
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'server.store_newer' }));
  });

  it('keeps the files from other users', () => {
    const database = openDatabase(file);
    database.insert(logins).values(login).run();
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
    database.close();
  });

  it('holds foreign keys and uses a write-ahead log', () => {
    const database = openDatabase(file);
    const place = { scope: 'project', owner: 'prj_none', projectId: 'prj_none', name: 'A' };
    const orphan = { ...place, kinds: '[]', sealed: 'x', updatedAt: 'now' };
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
