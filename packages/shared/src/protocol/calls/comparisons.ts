import { z } from 'zod';
import { agentId } from '../../model/agents.ts';
import { comparison } from '../../model/comparisons.ts';
import { comparisonId, workspaceId } from '../../model/ids.ts';
import { call, none } from './call.ts';

/** Calls about comparisons. See `calls`. */
export const comparisonCalls = {
  /** Forks the workspace once for each variant and gives the prompt to each; answers at once. */
  'comparison.start': call(
    z.object({
      workspaceId,
      prompt: z
        .string()
        .min(1)
        .max(256 * 1024),
      variants: z
        .array(
          z.object({
            agent: agentId,
            model: z.string().nullable().default(null),
            /** What a person typed; null for the workspace's own. */
            host: z.string().min(1).max(512).nullable().default(null),
          }),
        )
        .min(1)
        .max(16),
      testCommand: z.string().min(1).max(4096).nullable().default(null),
    }),
    z.object({ comparison }),
  ),
  /** Runs the test command anew in one variant, or in all. */
  'comparison.test': call(
    z.object({
      comparisonId,
      variantId: z.string().nullable().default(null),
      testCommand: z.string().min(1).max(4096).optional(),
    }),
    none,
  ),
  /** Keeps this variant's workspace as an ordinary one. The others stay until they are discarded. */
  'comparison.keep': call(z.object({ comparisonId, variantId: z.string() }), z.object({ comparison })),
  /** Brings files, as they are in one variant, into another. Throws `comparison.files_refused`. */
  'comparison.take_files': call(
    z.object({
      comparisonId,
      from: z.string(),
      to: z.string(),
      paths: z.array(z.string().min(1).max(4096)).min(1).max(1000),
    }),
    none,
  ),
  /** Deletes this variant's workspace, or with null those of all that were not kept. */
  'comparison.discard': call(
    z.object({ comparisonId, variantId: z.string().nullable() }),
    z.object({ comparison }),
  ),
  /** Forgets the comparison; its workspaces stay as they are. */
  'comparison.remove': call(z.object({ comparisonId }), none),
} as const;
