import type { Audit, AuditEntry } from '../audit/audit.ts';

/** Puts sign-ins on record. Kept until it can be written: who cannot sign in would not see why nothing runs. */
export interface SignInRecords {
  signedIn(address: string): void;
  signedOut(): void;
  /** Of a code that was not good. Twenty an hour are told, and then how many more there were. */
  refused(address: string): void;
}

const MOST_REFUSALS = 20;
const WINDOW_MS = 60 * 60_000;

/** `now` in milliseconds; for tests. */
export function createSignInRecords(
  audit: Pick<Audit, 'recordLater'>,
  now: () => number = Date.now,
): SignInRecords {
  let since = now();
  let count = 0;
  const tell = (summary: string, facts: AuditEntry['facts']) => audit.recordLater(entryOf(summary, facts));
  return {
    signedIn: (address) => tell('A browser signed in by a one-time code', { from: address }),
    signedOut: () => tell('A browser signed out', {}),
    refused(address) {
      if (now() - since >= WINDOW_MS) {
        if (count > MOST_REFUSALS) tell('More sign-ins were refused', { count: count - MOST_REFUSALS });
        since = now();
        count = 0;
      }
      // Anybody who reaches the port can be refused: that must not fill the disk.
      count += 1;
      if (count <= MOST_REFUSALS) tell('A sign-in was refused: the code is not good', { from: address });
    },
  };
}

function entryOf(summary: string, facts: AuditEntry['facts']): AuditEntry {
  return {
    kind: 'sign_in',
    actor: { kind: 'page', name: null },
    hostId: null,
    workspaceId: null,
    sessionId: null,
    summary,
    facts,
    output: null,
  };
}
