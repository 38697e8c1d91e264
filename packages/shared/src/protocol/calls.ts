import { z } from 'zod';
import { connectionMethod, host, hostId } from '../model/hosts.ts';
import { itemId, jobId, projectId, sessionId, terminalId, workspaceId } from '../model/ids.ts';
import { hostJob, workspaceJob } from '../model/jobs.ts';
import { modelProvider, providerKind } from '../model/models.ts';
import { project } from '../model/projects.ts';
import { secretName, secretSummary } from '../model/secrets.ts';
import { session } from '../model/sessions.ts';
import { exit, terminal } from '../model/terminals.ts';
import { changedFile, transferMode, workspace, workspaceLosses } from '../model/workspaces.ts';

const none = z.object({});
const call = <Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) => ({
  input,
  output,
});

/**
 * Every call of the API: `POST /api/<name>` with the input as JSON; answered by `{ ok: true, data }` or
 * `{ ok: false, error }` (the JSON of a `FarhandError`). What changes by a call also reaches subscribers of `state`.
 */
export const calls = {
  /** Hosts offered by default: this machine, aliases of `~/.ssh/config`, and those that workspaces use. */
  'host.list': call(none, z.object({ hosts: z.array(host) })),
  /** Connects now, without waiting for the next try. */
  'host.reconnect': call(z.object({ hostId }), none),
  /** Answers what the host's connection asks; null refuses. Throws `host.question_not_found` where another was first. */
  'host.answer': call(
    z.object({
      hostId,
      questionId: z.string().min(1).max(100),
      answer: z.string().max(4096).nullable(),
      remember: z.boolean().default(false),
    }),
    none,
  ),
  /** How the host is connected from now on; null leaves it to the platform. What is connected is connected anew. */
  'host.set_method': call(z.object({ hostId, method: connectionMethod.nullable() }), none),

  /** All jobs there, those of other servers too. */
  'host.jobs': call(z.object({ hostId }), z.object({ jobs: z.array(hostJob) })),
  /** Removes what is left there of workspaces that this server deleted; `removed` counts jobs and folders. */
  'host.sweep': call(z.object({ hostId }), z.object({ removed: z.number().int() })),

  'project.list': call(none, z.object({ projects: z.array(project) })),
  /** `source`: a path on the server's machine, or a URL to clone. The same repository twice gives the same project. */
  'project.add': call(z.object({ source: z.string().min(1).max(4096) }), z.object({ project })),
  'project.remove': call(z.object({ projectId }), none),
  'project.branches': call(
    z.object({ projectId }),
    z.object({ branches: z.array(z.string()), current: z.string().nullable() }),
  ),

  'workspace.list': call(none, z.object({ workspaces: z.array(workspace) })),
  /** Answers at once with state `creating`; the steps arrive through `state`. `host` is what a person typed. */
  'workspace.create': call(
    z.object({
      projectId,
      host: z.string().min(1).max(512),
      branch: z.string().min(1).max(255),
      name: z.string().min(1).max(64),
      transfer: transferMode.default('history'),
    }),
    z.object({ workspace }),
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

  'session.create': call(
    z.object({ workspaceId, model: z.string().nullable().default(null) }),
    z.object({ session }),
  ),
  'session.prompt': call(
    z.object({
      sessionId,
      text: z
        .string()
        .min(1)
        .max(256 * 1024),
      model: z.string().nullable().default(null),
      /** Chosen by the client for the message: sent again, after an answer that was lost, it begins nothing anew. */
      messageId: itemId.optional(),
    }),
    none,
  ),
  /** Ends the turn, and on the host whatever it runs. Not an error when nothing runs. */
  'session.stop': call(z.object({ sessionId }), none),
  'session.delete': call(z.object({ sessionId }), none),

  'terminal.open': call(
    z.object({
      workspaceId,
      rows: z.number().int().min(1).max(500),
      cols: z.number().int().min(1).max(1000),
    }),
    z.object({ terminal }),
  ),
  'terminal.close': call(z.object({ terminalId }), none),

  'secret.list': call(z.object({ projectId }), z.object({ secrets: z.array(secretSummary) })),
  'secret.set': call(
    z.object({
      projectId,
      name: secretName,
      value: z
        .string()
        .min(1)
        .max(64 * 1024),
    }),
    none,
  ),
  'secret.remove': call(z.object({ projectId, name: secretName }), none),

  'model.list': call(
    none,
    z.object({ providers: z.array(modelProvider), defaultModel: z.string().nullable() }),
  ),
  /** `key: null` leaves a stored key as it is. */
  'model.set': call(
    z.object({
      id: modelProvider.shape.id,
      kind: providerKind,
      baseUrl: z.url({ protocol: /^https?$/ }).nullable(),
      key: z.string().max(4096).nullable(),
      models: z.array(z.string().min(1).max(200)).max(100),
    }),
    z.object({ provider: modelProvider }),
  ),
  'model.remove': call(z.object({ id: modelProvider.shape.id }), none),
  'model.set_default': call(z.object({ model: z.string().nullable() }), none),

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
  'access.login_url': call(none, z.object({ url: z.string() })),
  'access.logout': call(none, none),
  'server.status': call(
    none,
    z.object({
      version: z.string(),
      startedAt: z.string(),
      rssBytes: z.number(),
      runningJobs: z.number().int(),
    }),
  ),
} as const;

export type CallName = keyof typeof calls;
/** What a caller gives: defaults may be left out. */
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>;
/** What the server's code gets: defaults filled in. */
export type ParsedInput<Name extends CallName> = z.output<(typeof calls)[Name]['input']>;
export type CallOutput<Name extends CallName> = z.output<(typeof calls)[Name]['output']>;
