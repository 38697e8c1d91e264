import { randomUUID } from 'node:crypto';
import type { ApprovalRule } from '@farhand/shared/model/approvals';
import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { and, asc, eq, isNull, or } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { approvalRules } from '../store/schema.ts';

/** A rule to keep. */
export interface NewRule {
  readonly workspaceId: WorkspaceId;
  /** Null for one that holds in every session. */
  readonly sessionId: SessionId | null;
  readonly pattern: string;
}

/** Patterns that a person allowed, for always or for one session. */
export interface RuleStore {
  /** Once, however often it is given. */
  add(rule: NewRule): void;
  /** Those that hold in this session. */
  patterns(workspaceId: WorkspaceId, sessionId: SessionId): string[];
  /** Those that hold always, oldest first. */
  list(workspaceId: WorkspaceId): ApprovalRule[];
  remove(workspaceId: WorkspaceId, ruleId: string): void;
}

export function createRuleStore(db: Database): RuleStore {
  const ofWorkspace = (id: WorkspaceId) => eq(approvalRules.workspaceId, id);
  const ofSession = (id: SessionId | null) =>
    id === null ? isNull(approvalRules.sessionId) : eq(approvalRules.sessionId, id);
  return {
    add({ workspaceId, sessionId, pattern }) {
      const same = and(ofWorkspace(workspaceId), ofSession(sessionId), eq(approvalRules.pattern, pattern));
      if (db.select({ id: approvalRules.id }).from(approvalRules).where(same).get()) return;
      const createdAt = new Date().toISOString();
      db.insert(approvalRules).values({ id: randomUUID(), workspaceId, sessionId, pattern, createdAt }).run();
    },
    patterns: (workspaceId, sessionId) =>
      db
        .select({ pattern: approvalRules.pattern })
        .from(approvalRules)
        .where(and(ofWorkspace(workspaceId), or(ofSession(null), ofSession(sessionId))))
        .all()
        .map(({ pattern }) => pattern),
    list: (workspaceId) =>
      db
        .select({
          id: approvalRules.id,
          pattern: approvalRules.pattern,
          createdAt: approvalRules.createdAt,
        })
        .from(approvalRules)
        .where(and(ofWorkspace(workspaceId), ofSession(null)))
        .orderBy(asc(approvalRules.createdAt))
        .all()
        .map((row) => ({ ...row, workspaceId })),
    remove(workspaceId, ruleId) {
      db.delete(approvalRules)
        .where(and(ofWorkspace(workspaceId), eq(approvalRules.id, ruleId)))
        .run();
    },
  };
}
