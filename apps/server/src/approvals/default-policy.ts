import { type ApprovalPolicy, approvalPolicy } from '@farhand/shared/model/approvals';
import { eq } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { settings } from '../store/schema.ts';

const NAME = 'default_approval_policy';

/** The policy of workspaces that are made from now on; `ask_outside` until somebody chose. */
export function readDefaultPolicy(db: Database): ApprovalPolicy {
  const row = db.select({ value: settings.value }).from(settings).where(eq(settings.name, NAME)).get();
  return approvalPolicy.catch('ask_outside').parse(row?.value);
}

/** Stored when this returns. */
export function writeDefaultPolicy(db: Database, value: ApprovalPolicy): void {
  db.insert(settings)
    .values({ name: NAME, value })
    .onConflictDoUpdate({ target: settings.name, set: { value } })
    .run();
}
