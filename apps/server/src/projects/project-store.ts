import type { ProjectId } from '@farhand/shared/model/ids';
import { eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { projects, workspaces } from '../store/schema.ts';

/** What is kept of a project; the default branch is read from the repository. */
export interface ProjectRow {
  readonly id: ProjectId;
  readonly name: string;
  readonly path: string;
  readonly url: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
}

export interface ProjectStore {
  /** Most recently used first. */
  all(): ProjectRow[];
  find(id: ProjectId): ProjectRow | undefined;
  findByPath(path: string): ProjectRow | undefined;
  findByUrl(url: string): ProjectRow | undefined;
  insert(row: ProjectRow): void;
  touch(id: ProjectId, at: string): void;
  hasWorkspaces(id: ProjectId): boolean;
  remove(id: ProjectId): void;
}

export function createProjectStore(db: Database): ProjectStore {
  const read = (row: typeof projects.$inferSelect | undefined): ProjectRow | undefined =>
    row && {
      id: row.id as ProjectId,
      name: row.name,
      path: row.path,
      url: row.url,
      createdAt: row.createdAt,
      lastUsedAt: row.lastUsedAt,
    };
  return {
    all: () =>
      db
        .select()
        .from(projects)
        .all()
        .flatMap((row) => read(row) ?? [])
        .toSorted((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt)),
    find: (id) => read(db.select().from(projects).where(eq(projects.id, id)).get()),
    findByPath: (path) => read(db.select().from(projects).where(eq(projects.path, path)).get()),
    findByUrl: (url) => read(db.select().from(projects).where(eq(projects.url, url)).get()),
    insert: (row) => void db.insert(projects).values(row).run(),
    touch: (id, at) => void db.update(projects).set({ lastUsedAt: at }).where(eq(projects.id, id)).run(),
    hasWorkspaces: (id) =>
      db.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.projectId, id)).limit(1).all()
        .length > 0,
    remove: (id) => void db.delete(projects).where(eq(projects.id, id)).run(),
  };
}
