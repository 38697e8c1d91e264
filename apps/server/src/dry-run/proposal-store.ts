import { type ProposalState, proposalState } from '@farhand/shared/model/dry-run';
import type { SessionId, TurnId } from '@farhand/shared/model/ids';
import { itemId, jobId, proposalId, turnId } from '@farhand/shared/model/ids';
import { and, asc, eq, ne } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { dryRuns, proposals } from '../store/schema.ts';
import { isDecided } from './proposal-news.ts';

/** What is to be done. It holds no secret: what would is not taken as a proposal. */
const action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), command: z.string(), cwd: z.string() }),
  z.object({
    kind: z.literal('write'),
    /** Absolute, on the host, every symlink resolved. */
    real: z.string(),
    /** As it is shown. */
    path: z.string(),
    content: z.string(),
    /** SHA-256 of the file that it is based on; null where there was none. */
    base: z.string().nullable(),
    /** For the page: the change as it was seen when it was proposed. */
    before: z.string(),
  }),
]);
export type Action = z.infer<typeof action>;

const row = z.object({
  id: proposalId,
  sessionId: z.string().transform((text) => text as SessionId),
  turnId,
  number: z.number().int(),
  callKey: z.string(),
  state: proposalState,
  reason: z.string().nullable(),
  action: z.string().transform((text) => action.parse(JSON.parse(text))),
  jobId: jobId.nullable(),
  itemId: itemId.nullable(),
  at: z.string(),
});
export type ProposalRow = z.infer<typeof row>;

/** The rows of dry runs. */
export function createProposalStore(db: Database) {
  const columns = {
    id: proposals.id,
    sessionId: proposals.sessionId,
    turnId: proposals.turnId,
    number: proposals.number,
    callKey: proposals.callKey,
    state: proposals.state,
    reason: proposals.reason,
    action: proposals.action,
    jobId: proposals.jobId,
    itemId: proposals.itemId,
    at: proposals.at,
  };
  const select = () => db.select(columns).from(proposals);
  return {
    isOn: (sessionId: SessionId): boolean =>
      db.select({ isOn: dryRuns.isOn }).from(dryRuns).where(eq(dryRuns.sessionId, sessionId)).get()?.isOn ??
      false,
    setOn(sessionId: SessionId, isOn: boolean): void {
      db.insert(dryRuns)
        .values({ sessionId, isOn })
        .onConflictDoUpdate({ target: dryRuns.sessionId, set: { isOn } })
        .run();
    },
    /** Sessions that ever were in a dry run. */
    sessions: (): SessionId[] =>
      db
        .select({ sessionId: dryRuns.sessionId })
        .from(dryRuns)
        .all()
        .map(({ sessionId }) => sessionId as SessionId),
    /** In the order in which they were proposed; those that were discarded are left out. */
    ofSession: (sessionId: SessionId): ProposalRow[] =>
      select()
        .where(and(eq(proposals.sessionId, sessionId), ne(proposals.state, 'discarded')))
        .orderBy(asc(proposals.number))
        .all()
        .map((one) => row.parse(one)),
    get(id: string): ProposalRow | null {
      const found = select().where(eq(proposals.id, id)).get();
      return found ? row.parse(found) : null;
    },
    byCall(sessionId: SessionId, callKey: string): ProposalRow | null {
      const found = select()
        .where(and(eq(proposals.sessionId, sessionId), eq(proposals.callKey, callKey)))
        .get();
      return found ? row.parse(found) : null;
    },
    underWay: (): ProposalRow[] =>
      select()
        .where(eq(proposals.state, 'applying'))
        .orderBy(asc(proposals.number))
        .all()
        .map((one) => row.parse(one)),
    /** Counts on from the last one, discarded ones too. */
    nextNumber: (sessionId: SessionId): number =>
      Math.max(
        0,
        ...select()
          .where(eq(proposals.sessionId, sessionId))
          .all()
          .map(({ number }) => number),
      ) + 1,
    add(added: Omit<ProposalRow, 'action'> & { readonly action: Action; readonly turnId: TurnId }): void {
      db.insert(proposals)
        .values({ ...added, action: JSON.stringify(added.action) })
        .run();
    },
    /** What was decided since the agent was told, discarded ones too, in the order of their numbers. */
    untold: (sessionId: SessionId): ProposalRow[] =>
      select()
        .where(and(eq(proposals.sessionId, sessionId), eq(proposals.isTold, false)))
        .orderBy(asc(proposals.number))
        .all()
        .map((one) => row.parse(one))
        .filter(({ state }) => isDecided(state)),
    /** Only what still is as it was told. */
    setTold(told: readonly ProposalRow[]): void {
      for (const { id, state } of told)
        db.update(proposals)
          .set({ isTold: true })
          .where(and(eq(proposals.id, id), eq(proposals.state, state)))
          .run();
    },
    change(
      id: string,
      change: { state?: ProposalState; reason?: string | null; jobId?: string; itemId?: string },
    ): void {
      const isNews = change.state !== undefined && isDecided(change.state);
      db.update(proposals)
        .set({ ...change, ...(isNews && { isTold: false }) })
        .where(eq(proposals.id, id))
        .run();
    },
  };
}

export type ProposalStore = ReturnType<typeof createProposalStore>;
