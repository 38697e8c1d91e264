import { createHash } from 'node:crypto';
import type { AuditEntry, AuditLog } from '../audit.ts';

/** A log in memory, for tests of those who write to it. */
export function recordedAudit(): AuditLog & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    record: (entry) => entries.push(entry),
    keepOutput: (bytes) => createHash('sha256').update(bytes).digest('hex'),
  };
}
