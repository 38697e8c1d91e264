/** Workspaces: one directory on one host each, made from a project's branch. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import type { HostTarget } from '@farhand/shared/model/host-target';
import type { JobId, WorkspaceId } from '@farhand/shared/model/ids';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import type { ChangedFile, Workspace, WorkspaceLosses } from '@farhand/shared/model/workspaces';
import type { CallOutput, ParsedInput } from '@farhand/shared/protocol/calls';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import type { StateFeed } from '../feed/state-feed.ts';
import { createDeletedWorkspaces } from '../host-tasks/deleted-workspaces.ts';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { Log } from '../logging/log.ts';
import type { Projects } from '../projects/projects.ts';
import type { JobUse } from '../protection/job-use.ts';
import type { Protect } from '../protection/protect.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Database } from '../store/database.ts';
import { createArchives } from './archive/archives.ts';
import { createArchiving } from './archive/archiving.ts';
import type { CaptureLimits } from './archive/capture.ts';
import { createChangesWatch } from './changes-watch.ts';
import { createCreations } from './creation/creations.ts';
import { createForking, type ForkRequest } from './creation/forking.ts';
import { newRecord, readTarget } from './creation/new-record.ts';
import { createDeletion } from './deletion.ts';
import type { FileDiff } from './diff.ts';
import { createDiskWatch } from './disk/disk-watch.ts';
import type { JobLimits } from './disk/ended-jobs.ts';
import { guardJobStarts } from './disk/guarded-runtime.ts';
import { createQuota, DEFAULT_QUOTA_BYTES, type WorkspaceQuota } from './disk/quota.ts';
import { createLooks, type HowExec } from './looks.ts';
import { createMoving, type Moving, type MovingWork } from './moving/moving.ts';
import { createQueues } from './queues.ts';
import { createWorkspaceRecords, toWorkspace } from './records.ts';
import { fetchBack, fetchRef } from './retrieval/fetch-back.ts';
import { DEFAULT_RETRIEVAL_LIMITS } from './retrieval/host-output.ts';
import { newSteps } from './steps.ts';
import { createWorkspaceStore } from './workspace-store.ts';

/** A workspace that can be worked in, with the runtime of its host. */
export interface ReadyWorkspace {
  readonly workspace: Workspace;
  /** Absolute path on the host. */
  readonly directory: string;
  readonly runtime: Runtime;
}

export interface Workspaces {
  /** Oldest first. */
  list(): Workspace[];
  /** Throws `workspace.not_found`. */
  get(id: WorkspaceId): Workspace;
  /** Answers with state `creating`; steps follow through the feed. `host.invalid_name`, `project.branch_not_found`, `workspace.name_taken`. */
  create(input: ParsedInput<'workspace.create'>): Promise<Workspace>;
  /** Goes on from the failed step. Does nothing for a workspace that is ready. */
  retry(id: WorkspaceId): Workspace;
  losses(id: WorkspaceId): Promise<WorkspaceLosses>;
  /** Where the host is away it is kept, and carried out on return. Throws `workspace.would_lose_work` unless `force`. */
  delete(id: WorkspaceId, how: { force: boolean; forget: boolean }): Promise<void>;
  /** Brings the commits of the branch that is checked out there into the project's repository. Throws `workspace.fetch_refused`. */
  fetch(id: WorkspaceId): Promise<CallOutput<'workspace.fetch'>>;
  /** Resolves when it is archived, or waits for a host that is away. Throws `workspace.archive_refused`; it is ready again then. */
  archive(id: WorkspaceId): Promise<Workspace>;
  /** Answers with state `creating`. Throws `workspace.not_ready` for one that is not archived. */
  restore(id: WorkspaceId): Workspace;
  /**
   * A new workspace of this one's moment, with state `creating`; it begins once `beginFork` is called. Throws
   * `workspace.not_ready`, `workspace.missing`, `workspace.name_taken`, `host.invalid_name`.
   */
  addFork(request: ForkRequest): Workspace;
  /** Makes forks that were added. */
  beginFork(id: WorkspaceId): void;
  /** See `Moving.start`. Throws `workspace.not_ready`, `host.invalid_name`, too. */
  move(id: WorkspaceId, how: { host: string; now: boolean }): Promise<Workspace>;
  /** See `Moving.withdraw`. */
  cancelMove(id: WorkspaceId): Promise<Workspace>;
  /** Throws `workspace.missing` (and keeps it as the state) where the folder is gone from the host. */
  changes(id: WorkspaceId): Promise<{ files: ChangedFile[]; truncated: boolean }>;
  /** Of one path of `changes`; untracked files come as added. */
  diff(id: WorkspaceId, path: string): Promise<FileDiff>;
  /** At most 50 paths, best match first. */
  files(id: WorkspaceId, query: string): Promise<string[]>;
  /** Runs a program as a job with the project's secrets and waits for its end. The job is ended when `signal` says that nobody waits any more. */
  exec(id: WorkspaceId, argv: readonly string[], how?: HowExec): Promise<CallOutput<'workspace.exec'>>;
  /**
   * Its runtime guards and records what is started by it for this use, and starts no job where the workspace's quota is
   * used up. Throws `workspace.not_found`, `workspace.not_ready`, `workspace.archived`, `workspace.missing`.
   */
  ready(id: WorkspaceId, use?: JobUse): ReadyWorkspace;
  /** Of the workspace's host, in whatever state the workspace is. Throws `workspace.not_found`. */
  runtime(id: WorkspaceId): Runtime;
  /** Counts at once. Throws `workspace.not_found`. */
  setPolicy(id: WorkspaceId, policy: ApprovalPolicy): Workspace;
  /** Counts for jobs that start from then on. Throws `workspace.not_found`. */
  setSandbox(id: WorkspaceId, profile: string): Workspace;
  readonly quota: WorkspaceQuota;
  /** Looks at git's status soon, and publishes what changed. For callers that saw something happen there. */
  refreshChanges(id: WorkspaceId): void;
  /** At the server's start: creations and deletions that were under way go on. */
  resumeAll(): void;
  /** Ends what is under way here; the next server goes on with it. */
  shutdown(): Promise<void>;
}

export interface WorkspacesDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly runtimes: Runtimes;
  readonly projects: Projects;
  readonly secrets: Secrets;
  /** For what is under way only; the server empties it at its start. */
  readonly scratchDirectory: string;
  /** Of what is kept of archived workspaces. */
  readonly archiveDirectory: string;
  readonly hostTasks: HostTasks;
  /** Which host is meant; null is the default one. As the name says by itself, where not given. */
  readonly targetOf?: (host: string | null) => HostTarget;
  /** What guards and records all that is started in a workspace; nothing does where not given. */
  readonly protect?: Protect;
  readonly log?: Pick<Log, 'warn'>;
  /** Ends the sessions and terminals of a workspace before its files go. */
  readonly onDelete?: (id: WorkspaceId) => Promise<void>;
  /** Ends turns and terminals of a workspace before its host is freed; sessions stay. */
  readonly onArchive?: (id: WorkspaceId) => Promise<void>;
  /** What a move means for sessions and terminals. */
  readonly moving?: MovingWork;
  /** When agents of a new workspace have to ask; `ask_outside` where not given. */
  readonly defaultPolicy?: () => ApprovalPolicy;
  /** The sandbox of a new workspace for which none is chosen; throws for one that there is not. `none` where not given. */
  readonly chooseSandbox?: (wanted: string | undefined) => string;
  /** Through what Farhand itself looks at a workspace, whose repository may hold a trap. */
  readonly lookFrom?: (runtime: Runtime, place: { workspaceId: WorkspaceId; directory: string }) => Runtime;
  /** True for ended jobs that something still shows. */
  readonly isJobShown?: (id: JobId) => boolean;
  /** What is taken from a host at most; 2 GiB within an hour, and 50 MiB of one untracked file, where not given. */
  readonly retrieval?: Partial<CaptureLimits>;
  /** Default 20 GiB; the setting `workspace_quota_bytes` counts before it. */
  readonly quotaBytes?: number;
  /** Ended jobs kept on a host for a workspace; by default 50, of 256 MiB together. */
  readonly jobLimits?: JobLimits;
}

/** Of one untracked file. */
const MAX_UNTRACKED_BYTES = 50 * 1024 ** 2;

/** Of what nobody asked for in particular. */
const BY_SERVER: JobUse = {
  kind: 'terminal',
  sessionId: null,
  by: { kind: 'server', name: null },
  isOurs: true,
};

export function createWorkspaces(deps: WorkspacesDeps): Workspaces {
  const {
    runtimes,
    projects,
    secrets,
    hostTasks,
    targetOf = readTarget,
    protect = (runtime) => runtime,
    lookFrom = (runtime) => runtime,
  } = deps;
  const records = createWorkspaceRecords(createWorkspaceStore(deps.db), deps.feed);
  const { scratchDirectory } = deps;
  const archives = createArchives(deps.archiveDirectory, projects);
  const limits = { ...DEFAULT_RETRIEVAL_LIMITS, maxUntrackedBytes: MAX_UNTRACKED_BYTES, ...deps.retrieval };
  const captures = { records, runtimes, projects, archives, scratchDirectory, limits, lookFrom };
  const forking = createForking({ ...captures, secrets, targetOf });
  const onArchive = deps.onArchive ?? (async () => {});
  const moving: Moving = createMoving({
    ...captures,
    feed: deps.feed,
    tasks: hostTasks,
    work: deps.moving ?? workWithoutSessions(onArchive),
    create: (id) => creations.start(id),
    log: deps.log,
  });
  const creations = createCreations({
    records,
    runtimes,
    protect,
    projects,
    secrets,
    archives,
    scratchDirectory,
    captureFork: forking.capture,
    hooks: moving,
  });
  const archiving = createArchiving({ ...captures, tasks: hostTasks, onArchive, log: deps.log });
  const deletion = createDeletion({
    records,
    lookFrom,
    runtimes,
    creations,
    archives,
    tasks: hostTasks,
    deleted: createDeletedWorkspaces(deps.db),
    onDelete: deps.onDelete ?? (async () => {}),
    onDeleted({ id, projectId }) {
      archives
        .remove(projectId, id)
        .catch((error: unknown) => deps.log?.warn('workspace.archive_left', { workspaceId: id, error }));
      watch.forget(id);
      looks.forget(id);
      disk.forget(id);
    },
  });
  const watch = createChangesWatch(records, runtimes, lookFrom);
  const { jobLimits, isJobShown = () => false, quotaBytes: defaultBytes = DEFAULT_QUOTA_BYTES } = deps;
  const disk = createDiskWatch({ records, runtimes, jobLimits, isJobShown });
  const quota = createQuota({ db: deps.db, records, disk, defaultBytes });

  const ready = (id: WorkspaceId, use: JobUse = BY_SERVER): ReadyWorkspace => {
    const record = records.get(id);
    const { state, directory, hostId, projectId } = record;
    if (state === 'missing') throw new FarhandError('workspace.missing', { details: { workspaceId: id } });
    if (state === 'archived') throw new FarhandError('workspace.archived', { details: { workspaceId: id } });
    if (state !== 'ready' || directory === null)
      throw new FarhandError('workspace.not_ready', { details: { workspaceId: id, state } });
    const guarded = guardJobStarts(runtimes.for(hostId), () => quota.check(id));
    const runtime = protect(guarded, { workspaceId: id, projectId, hostId, directory }, use);
    return { workspace: toWorkspace(record), directory, runtime };
  };
  // Fetches of one project would wait for each other's locks.
  const fetches = createQueues();
  const closing = new AbortController();
  const looks = createLooks({ records, secrets, watch, deletion, hostTasks, ready });

  return {
    quota,
    list: () => records.all().map(toWorkspace),
    get: (id) => toWorkspace(records.get(id)),
    async create(input) {
      const record = await newRecord(projects, input, {
        approvalPolicy: deps.defaultPolicy?.() ?? 'ask_outside',
        sandbox: deps.chooseSandbox?.(input.sandbox) ?? NO_SANDBOX,
        target: targetOf(input.host),
      });
      // Nothing is awaited between this look and the row, so two calls cannot both pass.
      records.checkName(input.projectId, record.name);
      records.insert(record);
      projects.touch(input.projectId);
      creations.start(record.id);
      return toWorkspace(records.get(record.id));
    },
    retry(id) {
      if (records.get(id).state === 'failed') creations.start(id);
      return toWorkspace(records.get(id));
    },
    losses: looks.losses,
    async delete(id, how) {
      if (records.get(id).move) await moving.cancel(id);
      if (records.get(id).state === 'archiving') await archiving.cancel(id);
      await deletion.delete(id, how);
    },
    async fetch(id) {
      const { directory, runtime } = ready(id);
      const record = records.get(id);
      const git = projects.repository(record.projectId);
      const ref = fetchRef(record, records.all());
      const request = { scratchDirectory, limits, signal: closing.signal };
      return looks.covered(id, () =>
        fetches.run(record.projectId, () => fetchBack({ ...request, record, directory, runtime, git, ref })),
      );
    },
    async archive(id) {
      const { state } = records.get(id);
      if (state === 'archived' || state === 'archiving') return toWorkspace(records.get(id));
      ready(id);
      // One that waits for turns to end is given up: archiving ends them.
      await moving.cancel(id);
      await looks.covered(id, () => archiving.start(id));
      return toWorkspace(records.get(id));
    },
    restore(id) {
      const { state } = records.get(id);
      if (state !== 'archived')
        throw new FarhandError('workspace.not_ready', { details: { workspaceId: id, state } });
      records.change(id, { steps: newSteps() });
      creations.start(id);
      return toWorkspace(records.get(id));
    },
    addFork(request) {
      const record = forking.add(request);
      projects.touch(record.projectId);
      return toWorkspace(record);
    },
    beginFork: (id) => creations.start(id),
    async move(id, { host, now }) {
      const target = targetOf(host);
      ready(id);
      await looks.covered(id, () => moving.start(id, target, now));
      return toWorkspace(records.get(id));
    },
    async cancelMove(id) {
      records.get(id);
      await moving.withdraw(id);
      return toWorkspace(records.get(id));
    },
    changes: looks.changes,
    diff: looks.diff,
    files: looks.files,
    exec: looks.exec,
    ready,
    runtime: (id) => runtimes.for(records.get(id).hostId),
    setPolicy(id, approvalPolicy) {
      records.get(id);
      records.change(id, { approvalPolicy });
      return toWorkspace(records.get(id));
    },
    setSandbox(id, sandbox) {
      records.get(id);
      records.change(id, { sandbox });
      return toWorkspace(records.get(id));
    },
    refreshChanges(id) {
      watch.refreshSoon(id);
      disk.lookSoon(id);
    },
    resumeAll() {
      for (const { id, state, move } of records.all()) {
        if (state === 'creating') creations.start(id);
        if (state === 'archiving' && move?.state !== 'capturing') archiving.resume(id);
        // What keeps it from ending is then told by the state that it falls back to.
        if (state === 'deleting')
          deletion
            .delete(id, { force: true, forget: false })
            .catch((error: unknown) =>
              deps.log?.warn('workspace.deletion_failed', { workspaceId: id, error }),
            );
      }
      moving.resumeAll();
    },
    async shutdown() {
      looks.close();
      watch.close();
      disk.close();
      closing.abort(new DOMException('The server is stopping.', 'AbortError'));
      await Promise.all([creations.cancelAll(), archiving.shutdown(), moving.shutdown()]);
    },
  };
}

function workWithoutSessions(rest: (id: WorkspaceId) => Promise<void>): MovingWork {
  return { isAtWork: () => false, rest, release: async () => {}, ended: () => {} };
}
