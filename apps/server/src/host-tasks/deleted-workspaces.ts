import type { HostId } from '@farhand/shared/model/hosts';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { and, desc, eq, lt, lte } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { deletedWorkspaces } from '../store/schema.ts';

export interface DeletedWorkspace {
  readonly id: WorkspaceId;
  readonly hostId: HostId;
  /** Where its folder was; null where none was made. */
  readonly directory: string | null;
}

/** A host that was away for longer is cleared by the task that waits for it; a sweep finds what came late. */
const KEPT_DAYS = 90;
/** Asked for at each sweep of a host, some hundred in a round trip. */
const KEPT_OF_A_HOST = 1_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Which workspaces this server made and deleted. What may be swept from a host is known from here alone: a mark on the
 * host could be written by anything that runs there, and another server's workspaces are never in this list. Forgotten
 * after 90 days, and where 1,000 newer ones were on the same host.
 */
export interface DeletedWorkspaces {
  of(hostId: HostId): DeletedWorkspace[];
  hosts(): HostId[];
  add(deleted: DeletedWorkspace): void;
  /** For a deletion that failed. */
  remove(id: WorkspaceId): void;
}

export function createDeletedWorkspaces(db: Database, now: () => number = Date.now): DeletedWorkspaces {
  const { deletedAt, hostId: ofHost } = deletedWorkspaces;
  const forgetOld = (hostId: HostId) => {
    const limit = new Date(now() - KEPT_DAYS * DAY_MS).toISOString();
    db.delete(deletedWorkspaces).where(lt(deletedAt, limit)).run();
    const [first] = db
      .select({ deletedAt })
      .from(deletedWorkspaces)
      .where(eq(ofHost, hostId))
      .orderBy(desc(deletedAt))
      .limit(1)
      .offset(KEPT_OF_A_HOST)
      .all();
    if (first)
      db.delete(deletedWorkspaces)
        .where(and(eq(ofHost, hostId), lte(deletedAt, first.deletedAt)))
        .run();
  };
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
    add({ id, hostId, directory }) {
      db.insert(deletedWorkspaces)
        .values({ id, hostId, directory, deletedAt: new Date(now()).toISOString() })
        .onConflictDoUpdate({ target: deletedWorkspaces.id, set: { hostId, directory } })
        .run();
      forgetOld(hostId);
    },
    remove: (id) => void db.delete(deletedWorkspaces).where(eq(deletedWorkspaces.id, id)).run(),
  };
}
