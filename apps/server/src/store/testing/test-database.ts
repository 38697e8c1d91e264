import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import { type Database, openDatabase } from '../database.ts';
import { projects, sessions, workspaces } from '../schema.ts';

const AT = '2026-01-01T00:00:00.000Z';

/** A real database in a folder of its own, with one project and one workspace that is ready. */
export interface TestDatabase {
  readonly db: Database;
  readonly workspaceId: WorkspaceId;
  /** Adds the row of a session of the workspace. */
  addSession(state?: string): SessionId;
  close(): void;
}

export function openTestDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'farhand-database-'));
  const db = openDatabase(join(folder, 'db'));
  const workspaceId = newId('workspace');
  db.insert(projects).values({ id: 'p', name: 'p', path: '/p', createdAt: AT, lastUsedAt: AT }).run();
  db.insert(workspaces)
    .values({
      id: workspaceId,
      projectId: 'p',
      name: 'w',
      hostId: 'local',
      baseBranch: 'm',
      branch: 'w',
      transfer: 'history',
      state: 'ready',
      steps: '[]',
      createdAt: AT,
    })
    .run();
  return {
    db,
    workspaceId,
    addSession(state = 'idle') {
      const id = newId('session');
      const row = { workspaceId, title: 't', agent: 'builtin', lastSeq: 0, usage: '{}' };
      db.insert(sessions)
        .values({ ...row, id, state, createdAt: AT, updatedAt: AT })
        .run();
      return id;
    },
    close() {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}
