import { z } from 'zod';
import { agentId } from './agents.ts';
import { hostId } from './hosts.ts';
import { comparisonId, sessionId, workspaceId } from './ids.ts';
import { errorInfo } from './workspaces.ts';

/** How the command that a person named ended in one variant. */
export const variantTest = z.object({
  state: z.enum(['waiting', 'running', 'passed', 'failed']),
  /** The end of its output, at most 16 KiB. */
  output: z.string(),
  durationMs: z.number().int().nullable(),
});
export type VariantTest = z.infer<typeof variantTest>;

/** One answer to the prompt, in a fork of its own. */
export const variant = z.object({
  id: z.string(),
  agent: agentId,
  model: z.string().nullable(),
  hostId,
  /** Null until made, and again once it is discarded. */
  workspaceId: workspaceId.nullable(),
  sessionId: sessionId.nullable(),
  state: z.enum(['making', 'working', 'done', 'failed', 'discarded']),
  error: errorInfo.nullable(),
  diff: z
    .object({ files: z.number().int(), additions: z.number().int(), deletions: z.number().int() })
    .nullable(),
  test: variantTest.nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type Variant = z.infer<typeof variant>;

/** One prompt given to several variants, each in a fork of the same workspace. */
export const comparison = z.object({
  id: comparisonId,
  /** The workspace that was forked. */
  workspaceId,
  prompt: z.string(),
  /** Run in each variant when its turn ends; null for none. */
  testCommand: z.string().nullable(),
  variants: z.array(variant),
  /** The variant that was kept; its workspace stays. */
  keptVariantId: z.string().nullable(),
  createdAt: z.string(),
});
export type Comparison = z.infer<typeof comparison>;
