import type { HostId } from '@farhand/shared/model/hosts';
import { type JobId, jobId as jobIdOf, type RunId } from '@farhand/shared/model/ids';
import { type Run, run as runModel } from '@farhand/shared/model/runs';
import { and, asc, desc, eq, isNotNull, notInArray, or, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { runs } from '../store/program-schema.ts';
import { type RunPlan, runPlan } from './run-plan.ts';

/** A run with how it is carried out. */
export interface StoredRun {
  readonly run: Run;
  readonly plan: RunPlan;
  /** Of what is on its host yet; null where nothing is. */
  readonly jobId: JobId | null;
}

/** What a run printed, secrets covered. */
export interface KeptOutput {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly isTruncated: boolean;
}

export interface RunStore {
  get(id: RunId): StoredRun | null;
  /** Of one that is over; empty otherwise. */
  output(id: RunId): KeptOutput;
  /** False where there is one with this id already. */
  add(stored: StoredRun): boolean;
  put(stored: StoredRun): void;
  /** The end of a run, with what it printed; what nobody needs any more is forgotten. */
  end(stored: StoredRun, output: KeptOutput): void;
  /** What is on the host is gone, or will be. */
  cleared(id: RunId): void;
  /** Those that are not over, and those whose job is on its host yet; oldest first. */
  left(): StoredRun[];
  list(limit: number): Run[];
  /** Of those that are not over. */
  hostsInUse(): HostId[];
}

/** Of those that are over. */
const KEPT = 500;
const made = sql`rowid`;
const NOTHING = Buffer.alloc(0);

export function createRunStore(db: Database): RunStore {
  const columns = { run: runs.run, plan: runs.plan, jobId: runs.jobId };
  const read = (row: { run: string; plan: string; jobId: string | null }): StoredRun => ({
    run: runModel.parse(JSON.parse(row.run)),
    plan: runPlan.parse(JSON.parse(row.plan)),
    jobId: jobIdOf.nullable().parse(row.jobId),
  });
  const written = ({ run, plan, jobId }: StoredRun) => ({
    run: JSON.stringify(run),
    plan: JSON.stringify(plan),
    jobId,
  });
  const prune = () => {
    const over = and(eq(runs.isOver, true), sql`${runs.jobId} is null`);
    const newest = db.select({ id: runs.id }).from(runs).where(over).orderBy(desc(made)).limit(KEPT);
    db.delete(runs)
      .where(and(over, notInArray(runs.id, newest)))
      .run();
  };
  return {
    get(id) {
      const row = db.select(columns).from(runs).where(eq(runs.id, id)).get();
      return row ? read(row) : null;
    },
    output(id) {
      const { stdout, stderr, isTruncated } = runs;
      const row = db.select({ stdout, stderr, isTruncated }).from(runs).where(eq(runs.id, id)).get();
      return {
        stdout: row?.stdout ?? NOTHING,
        stderr: row?.stderr ?? NOTHING,
        isTruncated: row?.isTruncated ?? false,
      };
    },
    add(stored) {
      const { id, createdAt } = stored.run;
      const row = { id, createdAt, isOver: stored.run.endedAt !== null, ...written(stored) };
      return db.insert(runs).values(row).onConflictDoNothing().run().changes > 0;
    },
    put(stored) {
      db.update(runs).set(written(stored)).where(eq(runs.id, stored.run.id)).run();
    },
    end(stored, output) {
      // What it was given may hold secrets, and is of no use any more.
      const plan = { ...stored.plan, argv: stored.run.argv, environment: {} };
      db.update(runs)
        .set({ ...written({ ...stored, plan }), isOver: true, ...output })
        .where(eq(runs.id, stored.run.id))
        .run();
      prune();
    },
    cleared(id) {
      db.update(runs).set({ jobId: null }).where(eq(runs.id, id)).run();
    },
    left: () =>
      db
        .select(columns)
        .from(runs)
        .where(or(eq(runs.isOver, false), isNotNull(runs.jobId)))
        .orderBy(asc(made))
        .all()
        .map(read),
    list: (limit) =>
      db
        .select({ run: runs.run })
        .from(runs)
        .orderBy(desc(made))
        .limit(limit)
        .all()
        .map(({ run }) => runModel.parse(JSON.parse(run))),
    hostsInUse: () =>
      db
        .select({ hostId: sql<HostId>`json_extract(${runs.run}, '$.hostId')` })
        .from(runs)
        .where(eq(runs.isOver, false))
        .all()
        .map(({ hostId }) => hostId),
  };
}

/** True for a job that a run has on a host: it may have ended, and its output not be read yet. */
export function isRunJob(db: Database, id: JobId): boolean {
  return db.select({ id: runs.id }).from(runs).where(eq(runs.jobId, id)).get() !== undefined;
}
