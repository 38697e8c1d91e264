import { z } from 'zod';
import { approvalPolicy } from './approvals.ts';
import { hostId } from './hosts.ts';
import { comparisonId, projectId, workspaceId } from './ids.ts';
import { sandboxName } from './sandbox.ts';

/** What travels: the branch's history, the history and uncommitted changes, or the tree alone as one root commit. */
export const transferMode = z.enum(['history', 'history_and_changes', 'tree_only']);
export type TransferMode = z.infer<typeof transferMode>;

export const errorInfo = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  retryable: z.boolean(),
});
export type ErrorInfo = z.infer<typeof errorInfo>;

/** Creation in order: `connect`, `prepare`, `send`, `checkout`, `setup`; a retry starts at the failed step. */
export const workspaceStep = z.object({
  name: z.enum(['connect', 'prepare', 'send', 'checkout', 'setup']),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  detail: z.string().nullable(),
  /** The end of what `.farhand/init` printed, at most 16 KiB; null for the other steps. */
  output: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  error: errorInfo.nullable(),
});
export type WorkspaceStep = z.infer<typeof workspaceStep>;

export const workspace = z.object({
  id: workspaceId,
  projectId,
  name: z.string(),
  hostId,
  /** Absolute path on the host; null until the host's home is known. */
  directory: z.string().nullable(),
  baseBranch: z.string(),
  /** The branch checked out on the host, named after the workspace. */
  branch: z.string(),
  /** The commit that was sent, 40 hex digits; null until known. */
  baseCommit: z.string().nullable(),
  transfer: transferMode,
  state: z.enum(['creating', 'ready', 'failed', 'archiving', 'archived', 'deleting', 'missing']),
  /** True while `archiving` or `deleting` waits for a host that is away: it is carried out on return. */
  isWaitingForHost: z.boolean(),
  /** Of an archived workspace: when, and what the server keeps of it. */
  archive: z.object({ at: z.string(), sizeBytes: z.number().int() }).nullable(),
  /** On the host, files and jobs together, at the last look; null when never looked. */
  diskBytes: z.number().int().nullable(),
  steps: z.array(workspaceStep),
  /** Of the last look at the host; null when never looked. */
  changes: z.object({ files: z.number().int(), ahead: z.number().int() }).nullable(),
  approvalPolicy,
  /** The profile that its jobs run under; `none` where it is not given. */
  sandbox: sandboxName.optional(),
  /** The workspace that it was forked from, and the comparison it is a variant of. */
  fork: z.object({ workspaceId, comparisonId: comparisonId.nullable() }).nullable(),
  /**
   * On its way to another host: `waiting` for running turns to end, then `capturing` its files, `making` it there. While
   * `clearing`, `hostId` is the host that has to be cleared yet.
   */
  move: z
    .object({ hostId, state: z.enum(['waiting', 'capturing', 'making', 'clearing']) })
    .nullable()
    .optional(),
  createdAt: z.string(),
});
export type Workspace = z.infer<typeof workspace>;

/** What deleting loses: files that differ from the last commit, and commits that only the host has. */
export const workspaceLosses = z.object({
  reachable: z.boolean(),
  uncommitted: z.array(z.string()),
  unpushed: z.array(z.object({ commit: z.string(), subject: z.string() })),
});
export type WorkspaceLosses = z.infer<typeof workspaceLosses>;

/** A changed file against `baseCommit`; a name that is not UTF-8 comes with U+FFFD in place of the bad bytes. */
export const changedFile = z.object({
  path: z.string(),
  previousPath: z.string().nullable(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed', 'untracked', 'type_changed', 'conflicted']),
  additions: z.number().int().nullable(),
  deletions: z.number().int().nullable(),
});
export type ChangedFile = z.infer<typeof changedFile>;
