import { approvalPolicy } from '@farhand/shared/model/approvals';
import { workspaceId } from '@farhand/shared/model/ids';
import { z } from 'zod';

/** How a run is carried out, beside what everybody may see of it. */
export const runPlan = z.object({
  /** As it is run; in the wire model secrets are covered. */
  argv: z.array(z.string()).min(1),
  environment: z.record(z.string(), z.string()),
  /** Where no rule says anything: see `ProgramAsker.preset`. */
  preset: z.union([approvalPolicy, z.literal('always')]),
  title: z.string(),
  why: z.string().nullable(),
  /** The workspace from which it is asked, which can be another place than where it runs. */
  askedIn: workspaceId.nullable(),
  timeoutMs: z.number().nullable(),
  /** Set once the host has said that it runs: from then on it is only followed, never started. */
  startedAtMs: z.number().nullable(),
  isCancelled: z.boolean(),
});
export type RunPlan = z.infer<typeof runPlan>;
