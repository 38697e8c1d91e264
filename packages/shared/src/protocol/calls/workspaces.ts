import { z } from 'zod';
import { approvalPolicy } from '../../model/approvals.ts';
import { jobId, projectId, workspaceId } from '../../model/ids.ts';
import { workspaceJob } from '../../model/jobs.ts';
import { sandboxName } from '../../model/sandbox.ts';
import { exit } from '../../model/terminals.ts';
import { changedFile, transferMode, workspace, workspaceLosses } from '../../model/workspaces.ts';
import { call, none } from './call.ts';

// Less than the bounds holds no repository; more is no limit.
const quotaBytes = z
  .number()
  .int()
  .min(10 * 1024 ** 2)
  .max(1024 ** 5);

/** Calls about workspaces and their jobs. See `calls`. */
export const workspaceCalls = {
  'workspace.list': call(none, z.object({ workspaces: z.array(workspace) })),
  /**
   * Answers at once with state `creating`; the steps arrive through `state`. `host` is what a person typed; null is the
   * default host.
   */
  'workspace.create': call(
    z.strictObject({
      projectId,
      host: z.string().min(1).max(512).nullable().default(null),
      branch: z.string().min(1).max(255),
      name: z.string().min(1).max(64),
      transfer: transferMode.default('history'),
      /** The default for new workspaces where it is left out. */
      sandbox: sandboxName.optional(),
    }),
    z.object({ workspace }),
  ),
  /** What each workspace may take on its host's disk: above it no new job starts there. */
  'workspace.quota': call(none, z.object({ quotaBytes })),
  /** Counts at once, for all workspaces; null is the default of 20 GiB. */
  'workspace.set_quota': call(
    z.strictObject({ quotaBytes: quotaBytes.nullable() }),
    z.object({ quotaBytes }),
  ),
  /** From the failed step on. */
  'workspace.retry': call(z.object({ workspaceId }), z.object({ workspace })),
  'workspace.losses': call(z.object({ workspaceId }), workspaceLosses),
  /** Jobs on its host, running and ended, with what the server remembers of each. */
  'workspace.jobs': call(z.object({ workspaceId }), z.object({ jobs: z.array(workspaceJob) })),
  /** Ends a job of the workspace. `isKept` where its host is away: then it is ended on its return. */
  'job.stop': call(
    z.object({ workspaceId, jobId }),
    z.object({ exit: exit.nullable(), isKept: z.boolean() }),
  ),
  /**
   * Refused with `workspace.would_lose_work` unless `force`, also where the host is away and nobody knows. Then it stays
   * `deleting` with `isWaitingForHost` until the host is back; with `forget` its record goes at once.
   */
  'workspace.delete': call(
    z.object({ workspaceId, force: z.boolean().default(false), forget: z.boolean().default(false) }),
    none,
  ),
  /**
   * Brings what is committed on the host's checked-out branch into the project's repository, as `ref` under
   * `refs/farhand/`; `commits` of them were not in the base commit. Throws `workspace.fetch_refused`.
   */
  'workspace.fetch': call(
    z.object({ workspaceId }),
    z.object({ ref: z.string(), commit: z.string(), commits: z.number().int() }),
  ),
  /**
   * Keeps branches, stash and uncommitted work on the server, then frees the host. Answers with state `archived`, or
   * `archiving` where the host is away: then it is carried out on return. Throws `workspace.archive_refused`.
   */
  'workspace.archive': call(z.object({ workspaceId }), z.object({ workspace })),
  /** Makes an archived workspace again on its host; answers at once with state `creating`, as `workspace.create`. */
  'workspace.restore': call(z.object({ workspaceId }), z.object({ workspace })),
  'workspace.changes': call(
    z.object({ workspaceId }),
    z.object({ files: z.array(changedFile), truncated: z.boolean() }),
  ),
  /** Unified diff of one file against the commit that was sent; cut at 512 KiB. */
  'workspace.diff': call(
    z.object({ workspaceId, path: z.string() }),
    z.object({ patch: z.string(), binary: z.boolean(), truncated: z.boolean() }),
  ),
  /** Paths for `@` in the composer: at most 50, best match first. */
  'workspace.files': call(
    z.object({ workspaceId, query: z.string().max(256) }),
    z.object({ paths: z.array(z.string()) }),
  ),
  /**
   * Runs a command in the workspace as a job and answers with the job's end; output at most 1 MiB, base64. A caller that
   * goes away ends the job. `end` is `detached` where the server stops: the job runs on.
   */
  'workspace.exec': call(
    z.object({ workspaceId, argv: z.array(z.string()).min(1).max(1000) }),
    z.object({
      end: z.enum(['exited', 'signaled', 'rebooted', 'lost', 'detached']),
      exitCode: z.number().int().nullable(),
      signal: z.string().nullable(),
      stdout: z.string(),
      stderr: z.string(),
      truncated: z.boolean(),
    }),
  ),
  /** Counts at once, also for what is under way. */
  'workspace.set_policy': call(z.object({ workspaceId, policy: approvalPolicy }), z.object({ workspace })),
  /**
   * A new workspace with the same commits, branches and uncommitted work, on the same host or on `host`; answers at once
   * with state `creating`. Throws `workspace.name_taken`, `workspace.fork_refused`.
   */
  'workspace.fork': call(
    z.object({
      workspaceId,
      name: z.string().min(1).max(64),
      host: z.string().min(1).max(512).nullable().default(null),
    }),
    z.object({ workspace }),
  ),
  /**
   * Takes it to another host with its files, uncommitted work and sessions. Waits for running turns to end; `now` stops
   * them. The old host is cleared once all is on the new one. Throws `workspace.move_refused`.
   */
  'workspace.move': call(
    z.object({ workspaceId, host: z.string().min(1).max(512), now: z.boolean().default(false) }),
    z.object({ workspace }),
  ),
  /**
   * It stays where it is, as long as nothing was made on the new host. Does nothing where it is not on its way. Throws
   * `workspace.move_refused` once it is being made there.
   */
  'workspace.cancel_move': call(z.object({ workspaceId }), z.object({ workspace })),
} as const;
