import { setImmediate as turn } from 'node:timers/promises';
import type { AuditEvent } from '@farhand/shared/model/audit';
import type { AuditEntry } from './audit.ts';
import type { AuditDatabase } from './store/audit-database.ts';
import { type ClearedPlace, openJobs } from './store/finding.ts';

interface ClearedDeps {
  readonly database: () => AuditDatabase;
  readonly recordLater: (entry: AuditEntry) => void;
  readonly isClosed: () => boolean;
}

/** Tells an end of every job that was removed with its workspace while nobody watched it: how it ended is not known. */
export async function endRemovedJobs(
  { database, recordLater, isClosed }: ClearedDeps,
  place: ClearedPlace,
): Promise<void> {
  let after: number | null = 0;
  while (after !== null && !isClosed()) {
    const { commands, next } = openJobs(database(), place, after);
    for (const command of commands) recordLater(endOf(command));
    after = next;
    await turn();
  }
}

function endOf({ seq, summary, facts, hostId, workspaceId, sessionId }: AuditEvent): AuditEntry {
  return {
    kind: 'exit',
    actor: { kind: 'server', name: null },
    hostId,
    workspaceId,
    sessionId,
    summary: `Removed with its workspace: ${summary}`,
    facts: { command: seq, jobId: facts.jobId ?? null, end: 'removed', why: 'removed with its workspace' },
    output: null,
  };
}
