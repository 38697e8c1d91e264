import { actor } from '@farhand/shared/model/audit';
import { hostId } from '@farhand/shared/model/hosts';
import { type ApprovalId, approvalId, type WorkspaceId, workspaceId } from '@farhand/shared/model/ids';
import { errorInfo } from '@farhand/shared/model/workspaces';
import { and, asc, desc, eq, inArray, notInArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { fileWrites } from '../store/program-schema.ts';

const plan = z.object({
  by: actor,
  /** As it was asked for, and where that led, links followed. */
  path: z.string(),
  real: z.string(),
  /** The folder of the workspace. */
  directory: z.string(),
  /** As it is shown, secrets covered. */
  patch: z.string(),
  /** SHA-256 of the file before, and of what it becomes; null where there was none. */
  before: z.string().nullable(),
  after: z.string(),
});

const state = z.enum(['asking', 'allowed', 'written', 'denied', 'failed']);
/** See the call `file.write_result`. */
export type WriteState = z.infer<typeof state>;

const askedWrite = z.object({
  /** The key of its question. */
  id: z.string(),
  approvalId,
  workspaceId,
  hostId,
  digest: z.string(),
  plan,
  state,
  error: errorInfo.nullable(),
});
/** A write that a person is, or was, asked about. */
export type AskedWrite = z.infer<typeof askedWrite>;

export interface WriteStore {
  get(id: string): AskedWrite | null;
  byApproval(id: ApprovalId): AskedWrite | null;
  /** The one that asks for the same. */
  asking(workspaceId: WorkspaceId, digest: string): AskedWrite | null;
  /** What the file becomes; null once it is over. */
  content(id: string): Uint8Array | null;
  add(write: AskedWrite, content: Uint8Array): void;
  change(id: string, change: Partial<Pick<AskedWrite, 'approvalId' | 'state' | 'error'>>): void;
  /** Its content is forgotten, and what is too old. */
  end(id: string, state: WriteState, error: AskedWrite['error']): void;
  /** Those that are not over, oldest first. */
  left(): AskedWrite[];
  /** All or nothing. */
  transaction<Value>(work: () => Value): Value;
}

/** Of those that are over. */
const KEPT = 500;
const LEFT: readonly WriteState[] = ['asking', 'allowed'];
const made = sql`rowid`;

const columns = {
  id: fileWrites.id,
  approvalId: fileWrites.approvalId,
  workspaceId: fileWrites.workspaceId,
  hostId: fileWrites.hostId,
  digest: fileWrites.digest,
  plan: fileWrites.plan,
  state: fileWrites.state,
  error: fileWrites.error,
};

export function createWriteStore(db: Database): WriteStore {
  const first = (rows: Row[]) => rows.map(read)[0] ?? null;
  return {
    get: (id) => first(db.select(columns).from(fileWrites).where(eq(fileWrites.id, id)).all()),
    byApproval: (id) => first(db.select(columns).from(fileWrites).where(eq(fileWrites.approvalId, id)).all()),
    asking(workspace, digest) {
      const same = and(eq(fileWrites.workspaceId, workspace), eq(fileWrites.digest, digest));
      const which = and(same, eq(fileWrites.state, 'asking'));
      return first(db.select(columns).from(fileWrites).where(which).all());
    },
    content: (id) =>
      db.select({ content: fileWrites.content }).from(fileWrites).where(eq(fileWrites.id, id)).get()
        ?.content ?? null,
    add({ plan: how, error, ...write }, content) {
      const texts = { plan: JSON.stringify(how), error: error && JSON.stringify(error) };
      db.insert(fileWrites)
        .values({ ...write, ...texts, content: Buffer.from(content), createdAt: new Date().toISOString() })
        .run();
    },
    change(id, { error, ...change }) {
      const text = error === undefined ? {} : { error: error && JSON.stringify(error) };
      db.update(fileWrites)
        .set({ ...change, ...text })
        .where(eq(fileWrites.id, id))
        .run();
    },
    end(id, how, error) {
      db.update(fileWrites)
        .set({ state: how, error: error && JSON.stringify(error), content: null })
        .where(eq(fileWrites.id, id))
        .run();
      const over = notInArray(fileWrites.state, [...LEFT]);
      const newest = db
        .select({ id: fileWrites.id })
        .from(fileWrites)
        .where(over)
        .orderBy(desc(made))
        .limit(KEPT);
      db.delete(fileWrites)
        .where(and(over, notInArray(fileWrites.id, newest)))
        .run();
    },
    left: () =>
      db
        .select(columns)
        .from(fileWrites)
        .where(inArray(fileWrites.state, [...LEFT]))
        .orderBy(asc(made))
        .all()
        .map(read),
    transaction: (work) => db.transaction(work),
  };
}

type Row = { readonly [Key in keyof typeof columns]: string | null };

const read = (row: Row): AskedWrite =>
  askedWrite.parse({
    ...row,
    plan: JSON.parse(row.plan ?? ''),
    error: row.error === null ? null : JSON.parse(row.error),
  });
