import { hostId } from '@farhand/shared/model/hosts';
import { jobId, workspaceId } from '@farhand/shared/model/ids';
import { z } from 'zod';
import type { Vault } from '../../../secrets/vault.ts';

const kept = z.object({
  /** Ends of texts that may be the beginning of a secret and are not shown yet, by what they belong to. */
  held: z.array(z.object({ of: z.string(), text: z.string() })),
  /** What was allowed in this turn and is not done yet. */
  grants: z.array(
    z.object({
      toolCallId: z.string(),
      command: z.object({ text: z.string(), cwd: z.string() }).nullable(),
      edits: z.array(z.object({ path: z.string(), oldText: z.string().nullable(), newText: z.string() })),
    }),
  ),
  /** Why a person said no, for the next message. */
  reasons: z.array(z.string()),
});

/** What a later server needs and nobody else may read: nothing in it is redacted. */
export type Kept = z.infer<typeof kept>;

/** A terminal of the agent that it has not released. */
export const terminalJob = z.object({ jobId, hostId, workspaceId });
type TerminalJob = z.infer<typeof terminalJob>;

/** What services and mapper know beyond a restart: in the record, or for tests in memory. */
export interface KeptPlace {
  readonly kept: Kept;
  keep(change: Partial<Kept>): void;
  /** Oldest first. */
  readonly terminals: readonly TerminalJob[];
  setTerminals(terminals: readonly TerminalJob[]): void;
}

const NOTHING_KEPT: Kept = { held: [], grants: [], reasons: [] };

/** Of this process only. */
export function keptInMemory(): KeptPlace {
  let now = NOTHING_KEPT;
  let terminals: readonly TerminalJob[] = [];
  return {
    get kept() {
      return now;
    },
    keep: (change) => void (now = { ...now, ...change }),
    get terminals() {
      return terminals;
    },
    setTerminals: (given) => void (terminals = given),
  };
}

/** Null for nothing, and where the key cannot be used: what is kept is worth less than the rest of the record. */
export function sealKept(vault: Vault | null, value: Kept, context: string): string | null {
  const isEmpty = value.held.length + value.grants.length + value.reasons.length === 0;
  if (isEmpty || vault === null) return null;
  try {
    return vault.seal(JSON.stringify(value), context);
  } catch {
    return null;
  }
}

/** Nothing where it does not open. */
export function openKept(vault: Vault | null, sealed: string | null, context: string): Kept {
  if (sealed === null || vault === null) return NOTHING_KEPT;
  try {
    return kept.parse(JSON.parse(vault.open(sealed, context)));
  } catch {
    return NOTHING_KEPT;
  }
}
