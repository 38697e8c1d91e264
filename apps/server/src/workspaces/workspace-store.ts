import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import { type Workspace, workspace } from '@farhand/shared/model/workspaces';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { workspaces } from '../store/schema.ts';

const record = workspace.extend({ baseDirectory: z.string().nullable() });

/** A workspace with the folder a person gave for it by ssh://host/path. */
export type WorkspaceRecord = Workspace & { readonly baseDirectory: string | null };

export interface WorkspaceStore {
  /** Oldest first. */
  all(): WorkspaceRecord[];
  find(id: WorkspaceId): WorkspaceRecord | undefined;
  findByName(projectId: ProjectId, name: string): WorkspaceRecord | undefined;
  insert(record: WorkspaceRecord): void;
  update(record: WorkspaceRecord): void;
  remove(id: WorkspaceId): void;
}

export function createWorkspaceStore(db: Database): WorkspaceStore {
  const many = (rows: (typeof workspaces.$inferSelect)[]) => rows.map(fromRow);
  return {
    all: () => many(db.select().from(workspaces).orderBy(workspaces.createdAt).all()),
    find: (id) => many(db.select().from(workspaces).where(eq(workspaces.id, id)).all())[0],
    findByName: (projectId, name) =>
      many(db.select().from(workspaces).where(eq(workspaces.projectId, projectId)).all()).find(
        (one) => one.name === name,
      ),
    insert: (value) => void db.insert(workspaces).values(toRow(value)).run(),
    update: (value) => void db.update(workspaces).set(toRow(value)).where(eq(workspaces.id, value.id)).run(),
    remove: (id) => void db.delete(workspaces).where(eq(workspaces.id, id)).run(),
  };
}

function fromRow(row: typeof workspaces.$inferSelect): WorkspaceRecord {
  return record.parse({
    ...row,
    steps: JSON.parse(row.steps),
    changes: row.changes === null ? null : JSON.parse(row.changes),
  });
}

function toRow(value: WorkspaceRecord): typeof workspaces.$inferInsert {
  return {
    ...value,
    steps: JSON.stringify(value.steps),
    changes: value.changes && JSON.stringify(value.changes),
  };
}
