import { createHash } from 'node:crypto';
import type { Audit, AuditEntry, AuditLog } from '../audit.ts';

/** A log in memory, for tests of those who write to it. */
export function recordedAudit(): AuditLog & Pick<Audit, 'recordLater'> & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    record: (entry) => entries.push(entry),
    recordLater: (entry) => void entries.push(entry),
    keepOutput: (bytes) => createHash('sha256').update(bytes).digest('hex'),
  };
}
