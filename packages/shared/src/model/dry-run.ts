import { z } from 'zod';
import { proposalId, sessionId, turnId } from './ids.ts';

/**
 * How a proposal stands. `applying`: it is being done; `refused`: it could not be done as it was proposed, `reason` says
 * why; `discarded`: a person did not want it.
 */
export const proposalState = z.enum(['open', 'applying', 'applied', 'failed', 'refused', 'discarded']);
export type ProposalState = z.infer<typeof proposalState>;

/** One thing that an agent wanted to do in a dry run. */
export const proposal = z.object({
  id: proposalId,
  sessionId,
  turnId,
  /** Counts up in a session from 1. */
  number: z.number().int(),
  kind: z.enum(['command', 'write']),
  /** One line: what and where. */
  title: z.string(),
  /** Secrets covered; null for a write. */
  command: z.string().nullable(),
  /** Relative to the workspace; null for a command. */
  path: z.string().nullable(),
  state: proposalState,
  reason: z.string().nullable(),
  at: z.string(),
});
export type Proposal = z.infer<typeof proposal>;

/** The dry run of one session. */
export const dryRun = z.object({
  id: sessionId,
  isOn: z.boolean(),
  /** Oldest first. */
  proposals: z.array(proposal),
});
export type DryRun = z.infer<typeof dryRun>;
