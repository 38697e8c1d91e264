import type { HostId } from '@farhand/shared/model/hosts';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { deletedWorkspaces } from '../store/schema.ts';

export interface DeletedWorkspace {
  readonly id: WorkspaceId;
  readonly hostId: HostId;
  /** Where its folder was; null where none was made. */
  readonly directory: string | null;
}

/**
 * Which workspaces this server made and deleted. What may be swept from a host is known from here alone: a mark on the
 * host could be written by anything that runs there, and another server's workspaces are never in this list.
 */
export interface DeletedWorkspaces {
  of(hostId: HostId): DeletedWorkspace[];
  hosts(): HostId[];
  add(deleted: DeletedWorkspace): void;
  /** For a deletion that failed. */
  remove(id: WorkspaceId): void;
}

export function createDeletedWorkspaces(db: Database): DeletedWorkspaces {
  return {
    of: (hostId) =>
      db
        .select()
        .from(deletedWorkspaces)
        .where(eq(deletedWorkspaces.hostId, hostId))
        .all()
        .map(({ id, directory }) => ({ id: id as WorkspaceId, hostId, directory })),
    hosts: () =>
      db
        .selectDistinct({ hostId: deletedWorkspaces.hostId })
        .from(deletedWorkspaces)
        .all()
        .map(({ hostId }) => hostId as HostId),
    add: ({ id, hostId, directory }) =>
      void db
        .insert(deletedWorkspaces)
        .values({ id, hostId, directory, deletedAt: new Date().toISOString() })
        .onConflictDoUpdate({ target: deletedWorkspaces.id, set: { hostId, directory } })
        .run(),
    remove: (id) => void db.delete(deletedWorkspaces).where(eq(deletedWorkspaces.id, id)).run(),
  };
}
