import {
  type RunId,
  runId as runIdOf,
  type WorkspaceId,
  workspaceId as workspaceIdOf,
} from '@farhand/shared/model/ids';
import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { operationRequests } from '../../store/program-schema.ts';
import { type OperationSubject, operationSubject } from '../host/operation-folder.ts';

/** What was asked, once each. */
export interface StoredRequest {
  readonly workspaceId: WorkspaceId;
  readonly id: string;
  /** By whose folder it came, where it is answered too; null as in a `RequestLine`. */
  readonly subject: OperationSubject | null;
  /** Chosen when it was first read; null for one that was withdrawn before that. */
  readonly runId: RunId | null;
  /** Its answer was read, or nobody waits for one. */
  readonly isDelivered: boolean;
}

export interface RequestStore {
  get(workspaceId: WorkspaceId, id: string): StoredRequest | null;
  /** The one with this id: this one, or where it was there already, that one. */
  add(request: StoredRequest): StoredRequest;
  delivered(workspaceId: WorkspaceId, id: string): void;
  /** Those whose answer was not read yet. */
  left(): StoredRequest[];
  leftOf(workspaceId: WorkspaceId, subject: OperationSubject | null): StoredRequest[];
  byRun(runId: RunId): StoredRequest | null;
  /** Forgets what is so old that its id cannot come again. */
  prune(before: Date): void;
}

export function createRequestStore(db: Database): RequestStore {
  const columns = {
    workspaceId: operationRequests.workspaceId,
    id: operationRequests.id,
    subject: operationRequests.subject,
    runId: operationRequests.runId,
    isDelivered: operationRequests.isDelivered,
  };
  const read = (
    row: Pick<StoredRequest, 'id' | 'isDelivered'> &
      Record<'subject' | 'runId', string | null> & { workspaceId: string },
  ): StoredRequest => ({
    ...row,
    workspaceId: workspaceIdOf.parse(row.workspaceId),
    subject: operationSubject.nullable().parse(row.subject),
    runId: runIdOf.nullable().parse(row.runId),
  });
  const one = (workspaceId: WorkspaceId, id: string) =>
    and(eq(operationRequests.workspaceId, workspaceId), eq(operationRequests.id, id));
  const get = (workspaceId: WorkspaceId, id: string) => {
    const row = db.select(columns).from(operationRequests).where(one(workspaceId, id)).get();
    return row ? read(row) : null;
  };
  const isLeft = eq(operationRequests.isDelivered, false);
  return {
    get,
    add(request) {
      const createdAt = new Date().toISOString();
      db.insert(operationRequests)
        .values({ ...request, createdAt })
        .onConflictDoNothing()
        .run();
      return get(request.workspaceId, request.id) ?? request;
    },
    delivered(workspaceId, id) {
      db.update(operationRequests).set({ isDelivered: true }).where(one(workspaceId, id)).run();
    },
    left: () => db.select(columns).from(operationRequests).where(isLeft).all().map(read),
    leftOf: (workspaceId, subject) =>
      db
        .select(columns)
        .from(operationRequests)
        .where(
          and(
            isLeft,
            eq(operationRequests.workspaceId, workspaceId),
            subject === null ? isNull(operationRequests.subject) : eq(operationRequests.subject, subject),
          ),
        )
        .all()
        .map(read),
    byRun(runId) {
      const row = db.select(columns).from(operationRequests).where(eq(operationRequests.runId, runId)).get();
      return row ? read(row) : null;
    },
    prune(before) {
      db.delete(operationRequests).where(lt(operationRequests.createdAt, before.toISOString())).run();
    },
  };
}
