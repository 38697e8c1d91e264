import { type JobId, jobId, type WorkspaceId } from '@farhand/shared/model/ids';
import { eq } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { operationListeners } from '../../store/program-schema.ts';

/** The job on a workspace's host that listens for farhand-op; null where none was started yet. */
export function listenerJobOf(db: Database, id: WorkspaceId): JobId | null {
  const row = db.select().from(operationListeners).where(eq(operationListeners.workspaceId, id)).get();
  return row ? jobId.parse(row.jobId) : null;
}
