import { z } from 'zod';
import { dryRun } from '../../model/dry-run.ts';
import { proposalId, sessionId } from '../../model/ids.ts';
import { call, none } from './call.ts';

/** Calls about dry runs. See `calls`. */
export const dryRunCalls = {
  'dry_run.get': call(z.object({ sessionId }), z.object({ dryRun })),
  /** Counts from the next action on. Throws `dry_run.not_possible` for an agent that does not ask first. */
  'dry_run.set': call(z.object({ sessionId, isOn: z.boolean() }), z.object({ dryRun })),
  /** What would be written, as a unified diff; empty for a command. */
  'dry_run.diff': call(z.object({ proposalId }), z.object({ patch: z.string(), truncated: z.boolean() })),
  /** In their order; without `proposalIds` all that are open. Answers once they are under way. */
  'dry_run.apply': call(
    z.object({ sessionId, proposalIds: z.array(proposalId).max(500).nullable().default(null) }),
    none,
  ),
  'dry_run.discard': call(
    z.object({ sessionId, proposalIds: z.array(proposalId).max(500).nullable().default(null) }),
    none,
  ),
} as const;
