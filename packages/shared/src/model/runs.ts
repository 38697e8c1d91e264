import { z } from 'zod';
import { actor } from './audit.ts';
import { hostId } from './hosts.ts';
import { approvalId, runId, sessionId, workspaceId } from './ids.ts';
import { exit } from './terminals.ts';
import { errorInfo } from './workspaces.ts';

/**
 * One command that a person or another program runs on a host, by the policy. `asking`: a person has to allow it first;
 * `denied`: by a rule or a person; `failed`: it could not be started, or its end is not known.
 */
export const run = z.object({
  id: runId,
  hostId,
  /** Null for one that runs outside of all workspaces. */
  workspaceId: workspaceId.nullable(),
  /** The session for whose agent it runs; null where no agent asked. */
  sessionId: sessionId.nullable(),
  /** As it was given: one program with its arguments, secrets covered. */
  argv: z.array(z.string()).min(1),
  /** Absolute on the host; null for the workspace's folder, the host's working directory, or the home folder. */
  cwd: z.string().nullable(),
  /** Of the sandbox; null for that of the workspace, or none. */
  profile: z.string().nullable(),
  by: actor,
  /** The named operation that it carries out; null for a plain command. */
  operation: z.string().nullable(),
  state: z.enum(['asking', 'running', 'ended', 'denied', 'failed', 'cancelled']),
  /** The question, where one was asked. */
  approvalId: approvalId.nullable(),
  /** The rule that decided, where one did. */
  rule: z.string().nullable(),
  exit: exit.nullable(),
  /** Why it was denied, failed or cancelled. */
  error: errorInfo.nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Run = z.infer<typeof run>;

/** What it printed so far, secrets covered: the first mebibyte of each stream, as base64. */
export const runOutput = z.object({ stdout: z.string(), stderr: z.string(), truncated: z.boolean() });
export type RunOutput = z.infer<typeof runOutput>;
