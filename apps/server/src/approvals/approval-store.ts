import { type Approval, approval } from '@farhand/shared/model/approvals';
import type { ApprovalId, SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { and, asc, desc, eq, gte, inArray, isNull, lt, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { approvals, workspaces } from '../store/schema.ts';

/** What was decided is the record of who allowed what; of a session that asks without end the oldest go, and of the rest. */
const KEPT_PER_SESSION = 500;
/** Each can be a mebibyte long: of a session, and of one list, so many characters at most. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_LISTED = 500;
// Rows in the order in which they were made, also within one millisecond.
const made = sql`rowid`;

/** The rows of approvals. */
export interface ApprovalStore {
  get(id: ApprovalId): Approval | null;
  /** The newest with this key, in a session or outside of all. */
  newest(sessionId: SessionId | null, key: string): Approval | null;
  add(value: Approval, key: string): void;
  /** False where it is not open any more: somebody else was first, in this process or another. */
  settle(value: Approval): boolean;
  /** Oldest first: of all, of one session, or outside of all (null). */
  open(sessionId?: SessionId | null): Approval[];
  /** Newest first, at most 500. */
  list(filter: { sessionId: SessionId | null; isOpen: boolean }): Approval[];
  /** Those of a session that belong to no turn, asked since then, oldest first. */
  asides(sessionId: SessionId, since: string): Pick<Approval, 'askedAt' | 'decidedAt'>[];
  /** The project whose secrets count in a workspace; null where it is gone. */
  projectOf(workspaceId: WorkspaceId): string | null;
  /** All or nothing. */
  transaction<Value>(work: () => Value): Value;
}

export function createApprovalStore(db: Database): ApprovalStore {
  const columns = { approval: approvals.approval };
  const read = (row: { approval: string }) => approval.parse(JSON.parse(row.approval));
  // The newest of these, at least one, as many as there is room for.
  const newestOf = (which: SQL | undefined, most: number) => {
    const sized = db
      .select({
        id: approvals.id,
        before:
          sql<number>`sum(length(${approvals.approval})) over (order by rowid desc) - length(${approvals.approval})`.as(
            'before',
          ),
        made: sql<number>`rowid`.as('made'),
      })
      .from(approvals)
      .where(which)
      .as('sized');
    return db
      .select({ id: sized.id })
      .from(sized)
      .where(lt(sized.before, MOST_CHARACTERS))
      .orderBy(desc(sized.made))
      .limit(most);
  };
  const of = (sessionId: SessionId | null) =>
    sessionId === null ? isNull(approvals.sessionId) : eq(approvals.sessionId, sessionId);
  const prune = (sessionId: SessionId | null) => {
    const decided = and(of(sessionId), eq(approvals.isOpen, false));
    db.delete(approvals)
      .where(and(decided, notInArray(approvals.id, newestOf(decided, KEPT_PER_SESSION))))
      .run();
  };
  return {
    get(id) {
      const row = db.select(columns).from(approvals).where(eq(approvals.id, id)).get();
      return row ? read(row) : null;
    },
    newest(sessionId, key) {
      const row = db
        .select(columns)
        .from(approvals)
        .where(and(of(sessionId), eq(approvals.key, key)))
        .orderBy(desc(made))
        .get();
      return row ? read(row) : null;
    },
    add(value, key) {
      const { id, sessionId, askedAt } = value;
      db.insert(approvals)
        .values({ id, sessionId, key, approval: JSON.stringify(value), isOpen: true, askedAt })
        .run();
    },
    settle(value) {
      const { changes } = db
        .update(approvals)
        .set({ approval: JSON.stringify(value), isOpen: false })
        .where(and(eq(approvals.id, value.id), eq(approvals.isOpen, true)))
        .run();
      if (changes > 0) prune(value.sessionId);
      return changes > 0;
    },
    open: (sessionId) =>
      db
        .select(columns)
        .from(approvals)
        .where(and(eq(approvals.isOpen, true), sessionId === undefined ? undefined : of(sessionId)))
        .orderBy(asc(made))
        .all()
        .map(read),
    list({ sessionId, isOpen }) {
      const which = and(
        isOpen ? eq(approvals.isOpen, true) : undefined,
        sessionId ? eq(approvals.sessionId, sessionId) : undefined,
      );
      return db
        .select(columns)
        .from(approvals)
        .where(inArray(approvals.id, newestOf(which, MOST_LISTED)))
        .orderBy(desc(made))
        .all()
        .map(read);
    },
    asides(sessionId, since) {
      const decidedAt = sql<string | null>`json_extract(${approvals.approval}, '$.decidedAt')`;
      return db
        .select({ askedAt: approvals.askedAt, decidedAt })
        .from(approvals)
        .where(
          and(
            of(sessionId),
            gte(approvals.askedAt, since),
            sql`json_extract(${approvals.approval}, '$.turnId') is null`,
          ),
        )
        .orderBy(asc(approvals.askedAt))
        .all();
    },
    projectOf(workspaceId) {
      const columns = { projectId: workspaces.projectId };
      return (
        db.select(columns).from(workspaces).where(eq(workspaces.id, workspaceId)).get()?.projectId ?? null
      );
    },
    transaction: (work) => db.transaction(work),
  };
}
