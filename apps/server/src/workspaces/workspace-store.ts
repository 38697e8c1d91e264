import { hostId } from '@farhand/shared/model/hosts';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import { type Workspace, workspace, workspaceStep } from '@farhand/shared/model/workspaces';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { workspaces } from '../store/schema.ts';

const commit = z.string().regex(/^[0-9a-f]{40}$/);

/** What the server keeps of an archived workspace, with what others need not see. */
const archiveRecord = z.object({
  at: z.string(),
  sizeBytes: z.number().int(),
  /** The commit that was checked out. */
  head: commit,
  /** The branch that was checked out; null where none was. */
  headBranch: z.string().nullable(),
  /** The uncommitted work as a commit on top of `head`; null where there was none. */
  work: commit.nullable(),
  /** Local branches, and the stash with its newest entry first. */
  refs: z.array(z.object({ name: z.string(), commit })),
});
export type ArchiveRecord = z.infer<typeof archiveRecord>;

/** A move to another host, with what others need not see. */
const moveRecord = z.object({
  /** Where it goes; while `clearing`, the host that has to be cleared. */
  hostId,
  baseDirectory: z.string().nullable(),
  state: z.enum(['waiting', 'capturing', 'making', 'clearing']),
  /** While `making`: where it was, to go back to. While `clearing`: `directory` is what has to be cleared. */
  from: z
    .object({
      hostId,
      baseDirectory: z.string().nullable(),
      directory: z.string().nullable(),
      steps: z.array(workspaceStep),
    })
    .nullable(),
});
export type MoveRecord = z.infer<typeof moveRecord>;

const record = workspace.extend({
  baseDirectory: z.string().nullable(),
  archive: archiveRecord.nullable(),
  move: moveRecord.nullable(),
});

/** A workspace with the folder a person gave for it by ssh://host/path, and its archive and move in full. */
export type WorkspaceRecord = Workspace & {
  readonly baseDirectory: string | null;
  readonly archive: ArchiveRecord | null;
  readonly move: MoveRecord | null;
};

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
    archive: row.archive === null ? null : JSON.parse(row.archive),
    fork: row.fork === null ? null : JSON.parse(row.fork),
    move: row.move === null ? null : JSON.parse(row.move),
  });
}

function toRow(value: WorkspaceRecord): typeof workspaces.$inferInsert {
  return {
    ...value,
    steps: JSON.stringify(value.steps),
    changes: value.changes && JSON.stringify(value.changes),
    archive: value.archive && JSON.stringify(value.archive),
    fork: value.fork && JSON.stringify(value.fork),
    move: value.move && JSON.stringify(value.move),
  };
}
