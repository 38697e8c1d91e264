import { type ItemId, itemId, type JobId, jobId, type SessionId, sessionId } from '@farhand/shared/model/ids';
import { exit } from '@farhand/shared/model/terminals';
import { eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../../store/database.ts';
import { backgroundJobs } from '../../../store/schema.ts';

const jobEnd = z.object({
  exit,
  /** The last of what it printed, secrets redacted. */
  tail: z.string(),
});
export type JobEnd = z.infer<typeof jobEnd>;

/** A command that was left running. */
export interface BackgroundJob {
  readonly jobId: JobId;
  readonly sessionId: SessionId;
  readonly itemId: ItemId;
  /** One line, secrets redacted. */
  readonly title: string;
  /** Null while it runs. */
  readonly end: JobEnd | null;
}

/** The commands that were left running, each until its end is told. */
export function createBackgroundStore(db: Database) {
  return {
    of: (id: SessionId): BackgroundJob[] =>
      db.select().from(backgroundJobs).where(eq(backgroundJobs.sessionId, id)).all().map(read),
    /** Once for each job. */
    add({ jobId, sessionId, itemId, title }: Omit<BackgroundJob, 'end'>): void {
      db.insert(backgroundJobs).values({ jobId, sessionId, itemId, title }).onConflictDoNothing().run();
    },
    ended(id: JobId, end: JobEnd): void {
      db.update(backgroundJobs)
        .set({ exit: JSON.stringify(end) })
        .where(eq(backgroundJobs.jobId, id))
        .run();
    },
    /** Forgets those whose end is known, and does `tell` with the same stroke: either both are stored or none. */
    takeEnded(jobs: readonly BackgroundJob[], tell: () => void): void {
      db.transaction(() => {
        for (const { jobId: id } of jobs) this.remove(id);
        tell();
      });
    },
    remove(id: JobId): void {
      db.delete(backgroundJobs).where(eq(backgroundJobs.jobId, id)).run();
    },
  };
}

/** True for a command whose end is still to be told. */
export function isBackgroundJob(db: Database, id: JobId): boolean {
  return (
    db.select({ id: backgroundJobs.jobId }).from(backgroundJobs).where(eq(backgroundJobs.jobId, id)).get() !==
    undefined
  );
}

/** Sessions with commands to watch or to tell of: at the server's start. */
export function sessionsWithBackgroundJobs(db: Database): SessionId[] {
  const rows = db
    .selectDistinct({ id: backgroundJobs.sessionId })
    .from(backgroundJobs)
    .where(isNotNull(backgroundJobs.sessionId))
    .all();
  return rows.map(({ id }) => sessionId.parse(id));
}

function read(row: typeof backgroundJobs.$inferSelect): BackgroundJob {
  return {
    jobId: jobId.parse(row.jobId),
    sessionId: sessionId.parse(row.sessionId),
    itemId: itemId.parse(row.itemId),
    title: row.title,
    end: row.exit === null ? null : jobEnd.parse(JSON.parse(row.exit)),
  };
}
