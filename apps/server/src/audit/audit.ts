import type { AuditEvent } from '@farhand/shared/model/audit';

/** What is to be told of one thing that happens; `null` where it has none of that. */
export type AuditEntry = Omit<AuditEvent, 'seq' | 'at' | 'previous' | 'hash'>;

/** For those who do what has to be on record. */
export interface AuditLog {
  /**
   * Appends and gives its number. Called before what it tells of is done: where it throws (`audit.unwritable`), that must
   * not happen.
   */
  record(entry: AuditEntry): number;
  /** Keeps bytes by their SHA-256, which it gives: for an entry's `output`. Throws `audit.unwritable`. */
  keepOutput(bytes: Uint8Array): string;
}
