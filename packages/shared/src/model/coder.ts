import { z } from 'zod';
import { hostId } from './hosts.ts';
import { errorInfo } from './workspaces.ts';

/** A start or stop that Farhand asked for: under way, or how it ended. `lines`: the newest of its log, at most 20. */
export const coderBuild = z.object({
  transition: z.enum(['start', 'stop']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  lines: z.array(z.string()),
  /** Null while under way, and where it went well. */
  error: errorInfo.nullable(),
});
export type CoderBuild = z.infer<typeof coderBuild>;

/** Of the newest build, in Coder's own words. */
export const coderStatus = z.enum([
  'pending',
  'starting',
  'running',
  'stopping',
  'stopped',
  'failed',
  'canceling',
  'canceled',
  'deleting',
  'deleted',
]);

/** A workspace of Coder's: a machine, on which there can be several workspaces of ours. */
export const coderWorkspace = z.object({
  name: z.string(),
  owner: z.string(),
  template: z.string(),
  /** Under which ssh reaches it, as `coder config-ssh` has it: `coder.<name>`. */
  hostId,
  status: coderStatus,
  /** False where Coder says that an agent of it fails; null where it does not say. */
  isHealthy: z.boolean().nullable(),
  isOutdated: z.boolean(),
  lastUsedAt: z.string().nullable(),
  build: coderBuild.nullable(),
});
export type CoderWorkspace = z.infer<typeof coderWorkspace>;

/** Where the list comes from: Coder's API with a stored token, or the `coder` command with its own sign-in. */
export const coderSource = z.enum(['api', 'cli']);
export type CoderSourceKind = z.infer<typeof coderSource>;
