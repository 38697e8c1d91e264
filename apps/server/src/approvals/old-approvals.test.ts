import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@farhand/shared/model/ids';
import Sqlite from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { createApprovalStore } from './approval-store.ts';

/** The last of the release in which only agents could ask. */
const LAST = '0010_costs';

describe('questions of the release before', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'farhand-old-approvals-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are kept, in their order, and say which agent asked', () => {
    const file = join(folder, 'farhand.db');
    const old = new Sqlite(file);
    migrateTo(old, LAST);
    const [project, workspace, session] = [newId('project'), newId('workspace'), newId('session')];
    old.exec(`INSERT INTO projects (id, name, path, created_at, last_used_at) VALUES ('${project}', 'p', '/p', '', '');
      INSERT INTO workspaces (id, project_id, name, host_id, base_branch, branch, transfer, state, steps, created_at)
        VALUES ('${workspace}', '${project}', 'w', 'local', 'm', 'w', 'history', 'ready', '[]', '');
      INSERT INTO sessions (id, workspace_id, title, agent, state, last_seq, usage, created_at, updated_at)
        VALUES ('${session}', '${workspace}', 't', 'codex', 'blocked', 1, '{}', '', '')`);
    const asked = ['c', 'a', 'b'].map((key) => ({ id: newId('approval'), key }));
    const insert = old.prepare(
      'INSERT INTO approvals (id, session_id, key, approval, is_open, asked_at) VALUES (?, ?, ?, ?, 1, ?)',
    );
    for (const { id, key } of asked) {
      const place = { sessionId: session, workspaceId: workspace, hostId: 'local', turnId: newId('turn') };
      const shown = { agent: 'codex', title: key, cwd: '/w', subject: { kind: 'command', command: key } };
      const answers = { why: '', pattern: null, canEdit: true, canAllowSession: true, hash: '0'.repeat(64) };
      const open = { askedAt: 'then', decision: null, decidedBy: null, decidedAt: null };
      const value = { id, itemId: null, ...place, ...shown, ...answers, ...open };
      insert.run(id, session, key, JSON.stringify(value), 'then');
    }
    old.close();
    const database = openDatabase(file);
    const store = createApprovalStore(database);
    const by = { kind: 'agent', name: 'codex' };
    expect(store.open(session)).toMatchObject(asked.map(({ id, key }) => ({ id, title: key, by })));
    expect(store.newest(session, 'a')?.id).toBe(asked[1]?.id);
    expect(store.open(null)).toEqual([]);
    database.close();
  });
});

function migrateTo(database: Sqlite.Database, last: string): void {
  const folderOf = (path: string) => new URL(`../../migrations/${path}`, import.meta.url);
  const journal: { entries: { tag: string; when: number }[] } = JSON.parse(
    readFileSync(folderOf('meta/_journal.json'), 'utf8'),
  );
  database.exec('CREATE TABLE migrations (created_at INTEGER PRIMARY KEY, hash TEXT NOT NULL)');
  const end = journal.entries.findIndex(({ tag }) => tag === last);
  if (end === -1) throw new Error(`no migration ${last}`);
  for (const { tag, when } of journal.entries.slice(0, end + 1)) {
    for (const sql of readFileSync(folderOf(`${tag}.sql`), 'utf8').split('--> statement-breakpoint'))
      database.exec(sql);
    database.prepare('INSERT INTO migrations VALUES (?, ?)').run(when, tag);
  }
}
