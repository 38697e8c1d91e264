import { z } from 'zod';
import { jobId, workspaceId } from './ids.ts';
import { exit } from './terminals.ts';

export const jobStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running') }),
  z.object({ state: z.literal('ended'), exit }),
]);

/** A job as its host tells of it. */
export const hostJob = z.object({
  jobId,
  /** Null where its label is no workspace's id. */
  workspaceId: workspaceId.nullable(),
  /** True where this server has that workspace; false for those of other servers, and of workspaces that are deleted. */
  isKnown: z.boolean(),
  status: jobStatus,
  /** What its folder takes on the host's disk. */
  keptBytes: z.number().int(),
});
export type HostJob = z.infer<typeof hostJob>;

/** A job of a workspace, with what the server remembers of it. */
export const workspaceJob = z.object({
  jobId,
  kind: z.enum(['terminal', 'command']),
  /** The terminal's name, or what the agent's call was shown as; null for what nobody remembers, as a person's exec. */
  title: z.string().nullable(),
  startedAt: z.string().nullable(),
  status: jobStatus,
  keptBytes: z.number().int(),
});
export type WorkspaceJob = z.infer<typeof workspaceJob>;
