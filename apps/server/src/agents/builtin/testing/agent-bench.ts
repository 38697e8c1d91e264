import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import type { AgentControls, Attachment } from '@farhand/shared/model/agents';
import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import { LOCAL_HOST } from '@farhand/shared/model/hosts';
import { newId, type ProjectId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { ToolCallItem, TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { emptyTranscript, foldEvents } from '@farhand/shared/protocol/fold';
import type { Runtime } from '@farhand/shared/runtime/port';
import {
  type ModelScript,
  type ModelServer,
  startModelServer,
  TEST_MODEL,
} from '@farhand/shared/testing/model-server';
import type { Approvals } from '../../../approvals/approvals.ts';
import { createApprovals } from '../../../approvals/create-approvals.ts';
import { PRESETS } from '../../../approvals/judging.ts';
import { recordedAudit } from '../../../audit/testing/recorded-audit.ts';
import { type Checkpoints, createCheckpoints } from '../../../checkpoints/checkpoints.ts';
import { createDryRuns, type DryRuns } from '../../../dry-run/dry-runs.ts';
import { createStateFeed, type StateFeed } from '../../../feed/state-feed.ts';
import { createHostTasks, type HostTasks } from '../../../host-tasks/host-tasks.ts';
import type { McpTiming } from '../../../mcp/connection/connection.ts';
import { createModels } from '../../../models/models.ts';
import type { Policy } from '../../../policy/policy.ts';
import { createSecrets, type Secrets } from '../../../secrets/secrets.ts';
import { openVault } from '../../../secrets/vault.ts';
import { createSessions, type Sessions } from '../../../sessions/sessions.ts';
import { createSubAgents } from '../../../sessions/sub-agents.ts';
import { type Database, openDatabase } from '../../../store/database.ts';
import { projects, workspaces as workspaceRows } from '../../../store/schema.ts';
import { createTranscripts, type Transcripts } from '../../../transcripts/transcripts.ts';
import { createAgents } from '../../agents.ts';
import { createBuiltinAgent } from '../builtin-agent.ts';
import type { ModelTiming } from '../model/retry.ts';

const TIMING: Partial<ModelTiming> = { stallMs: 5000, firstPauseMs: 20, longestPauseMs: 40 };

export interface BenchOptions {
  readonly script: ModelScript;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly timing?: Partial<ModelTiming>;
  readonly mostSteps?: number;
  readonly mcpTiming?: Partial<McpTiming>;
  /** Default `never`. */
  readonly approvalPolicy?: ApprovalPolicy;
  /** Checkpoints around each turn, and dry runs. */
  readonly canRewind?: boolean;
  /** The presets alone where not given. */
  readonly policy?: Policy;
  /** Puts something between the agent and the host. */
  readonly wrap?: (runtime: Runtime) => Runtime;
}

/** One running server's part of the bench: all that a restart makes anew. */
interface Server {
  readonly db: Database;
  readonly runtime: Runtime;
  readonly feed: StateFeed;
  readonly secrets: Secrets;
  readonly transcripts: Transcripts;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly hostTasks: HostTasks;
  readonly checkpoints: Checkpoints;
  readonly dryRuns: DryRuns;
  readonly audit: ReturnType<typeof recordedAudit>;
  freeze(): void;
}

/** A whole agent over a scripted model, this machine's runtime in a folder of its own, and a real git repository. */
export class AgentBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'farhand-agent-'));
  readonly directory = join(this.folder, 'work');
  readonly workspaceId: WorkspaceId = newId('workspace');
  readonly projectId: ProjectId = newId('project');
  readonly model: ModelServer;
  readonly #options: BenchOptions;
  readonly #past: Server[] = [];
  readonly #forks = new Map<WorkspaceId, { name: string; directory: string }>();
  server: Server;
  sessionId: SessionId;

  static async start(options: BenchOptions): Promise<AgentBench> {
    return new AgentBench(options, await startModelServer(options.script));
  }

  private constructor(options: BenchOptions, model: ModelServer) {
    this.#options = options;
    this.model = model;
    mkdirSync(join(this.folder, 'home'));
    this.#makeRepository();
    this.server = this.#openServer();
    this.#addRows();
    for (const [name, value] of Object.entries(options.secrets ?? {}))
      this.server.secrets.set({ kind: 'project', projectId: this.projectId }, name, value);
    this.sessionId = this.server.sessions.create(this.workspaceId, null).id;
  }

  get items(): TranscriptItem[] {
    return this.server.transcripts.items(this.sessionId);
  }

  get calls(): ToolCallItem[] {
    return this.items.filter((item) => item.kind === 'tool_call');
  }

  call(index: number): ToolCallItem {
    const call = this.calls[index];
    if (!call) throw new Error(`there is no call ${index}`);
    return call;
  }

  get turn() {
    const turn = this.items.findLast((item) => item.kind === 'turn');
    if (!turn) throw new Error('there is no turn');
    return turn;
  }

  get texts(): string[] {
    return this.items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
  }

  /** What can be set in the session; throws before the agent has told. */
  get controls(): AgentControls {
    const found = this.server.sessions.controls().find(({ id }) => id === this.sessionId);
    if (!found) throw new Error('there are no controls');
    return found;
  }

  async setControl(control: string, value: string): Promise<void> {
    await this.server.sessions.setControl(this.sessionId, control, value);
  }

  prompt(text: string, attachments: readonly Attachment[] = []): void {
    this.server.sessions.prompt(this.sessionId, text, { model: null, attachments });
  }

  async promptAndWait(text: string, attachments: readonly Attachment[] = []): Promise<void> {
    this.prompt(text, attachments);
    await this.whenEnded();
  }

  async whenEnded(): Promise<void> {
    await this.when(() => this.turn.state !== 'working');
    await this.when(
      () => !['working', 'contact_lost', 'blocked'].includes(this.server.sessions.get(this.sessionId).state),
    );
  }

  /** Resolves when it holds, looked at after each event of the session and each change of an entity. */
  async when(holds: () => boolean): Promise<void> {
    const { transcripts, feed } = this.server;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!holds()) return;
        unwatch();
        unwatchFeed();
        resolve();
      };
      const unwatch = transcripts.watch(this.sessionId, () => queueMicrotask(look));
      const unwatchFeed = feed.watch(() => queueMicrotask(look));
      look();
    });
  }

  file(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }

  /** What a page shows that was there from the first event, checked against one that comes now. */
  watchAsPage(): () => readonly TranscriptItem[] {
    let transcript = emptyTranscript();
    this.server.transcripts.watch(this.sessionId, (events) => {
      const folded = foldEvents(transcript, events);
      if (folded === 'gap') throw new Error('the page missed something');
      transcript = folded;
    });
    return () => transcript.items;
  }

  /** As by kill -9 and a new start: nothing of the old server acts any more, and nothing of it was put in order. */
  restart(): void {
    this.server.freeze();
    this.#past.push(this.server);
    this.server = this.#openServer();
    this.server.checkpoints.resumeAll();
    this.server.sessions.resumeAll();
    this.server.dryRuns.resumeAll();
    this.server.hostTasks.resumeAll();
  }

  async close(): Promise<void> {
    await this.server.sessions.deleteOfWorkspace(this.workspaceId);
    await this.server.sessions.close();
    this.server.hostTasks.close();
    const { jobs } = this.server.runtime;
    for (const { id } of await jobs.list()) await jobs.remove(id);
    await this.server.runtime.close();
    for (const past of this.#past) await past.runtime.close();
    this.server.db.close();
    await this.model.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #makeRepository(): void {
    mkdirSync(this.directory);
    for (const [path, content] of Object.entries(this.#options.files ?? {})) {
      mkdirSync(dirname(join(this.directory, path)), { recursive: true });
      writeFileSync(join(this.directory, path), content);
    }
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: this.directory,
        stdio: 'ignore',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'first');
  }

  #openServer(): Server {
    const { timing, mostSteps, mcpTiming = {}, wrap = (runtime) => runtime } = this.#options;
    const db = openDatabase(join(this.folder, 'db.sqlite'));
    const vault = openVault(join(this.folder, 'key'));
    const feed = createStateFeed();
    const secrets = createSecrets({ db, vault });
    const models = createModels({
      db,
      vault,
      environment: { FARHAND_MODEL_BASE_URL: this.model.url, FARHAND_MODEL: TEST_MODEL },
    });
    const transcripts = createTranscripts({ db });
    const local = createLocalRuntime({
      home: join(this.folder, 'home'),
      environment: { PATH: process.env.PATH },
    });
    const { mortal, freeze } = makeMortal(wrap(local));
    const workspaces = {
      get: (id: WorkspaceId) => this.#workspace(id),
      ready: (id: WorkspaceId) => {
        const workspace = this.#workspace(id);
        return { workspace, directory: workspace.directory, runtime: mortal };
      },
      refreshChanges: () => {},
    };
    const hostTasks = createHostTasks({ db, runtimes: { for: () => mortal } });
    const { policy } = this.#options;
    const approvals = createApprovals({ db, feed, transcripts, secrets, policy });
    const fork = async (_: WorkspaceId, name: string) => this.#fork(db, name);
    const subAgents = createSubAgents({ sessions: () => sessions, transcripts, feed, workspaces, fork });
    const agent = createBuiltinAgent({
      db,
      models,
      subAgents,
      timing: { ...TIMING, ...timing },
      mostSteps,
      mcpTiming,
    });
    const audit = recordedAudit();
    const late = { db, sessions: () => sessions, workspaces, transcripts, secrets, audit };
    const checkpoints = createCheckpoints(late);
    const controlsOf = (id: SessionId) => sessions.controls().find((one) => one.id === id) ?? null;
    const dryRuns = createDryRuns({ ...late, feed, controlsOf, policy: policy ?? PRESETS });
    const sessions: Sessions = createSessions({
      ...(this.#options.canRewind && {
        checkpoints: () => checkpoints.turns,
        isRewinding: checkpoints.isRewinding,
        dryRunOf: dryRuns.of,
      }),
      db,
      feed,
      workspaces,
      transcripts,
      secrets,
      models,
      agents: createAgents({ builtin: async () => agent, acp: async () => agent }),
      approvals,
      terminals: () => ({ open: () => Promise.reject(new Error('no terminal in this test')) }),
      hostTasks,
    });
    return {
      db,
      feed,
      secrets,
      transcripts,
      sessions,
      approvals,
      hostTasks,
      checkpoints,
      dryRuns,
      audit,
      runtime: local,
      freeze() {
        freeze();
        hostTasks.close();
        db.close();
      },
    };
  }

  #workspace(id = this.workspaceId): Workspace & { directory: string } {
    return {
      id,
      projectId: this.projectId,
      name: 'w',
      hostId: LOCAL_HOST,
      directory: this.directory,
      ...this.#forks.get(id),
      baseBranch: 'main',
      branch: 'w',
      baseCommit: null,
      transfer: 'history',
      state: 'ready',
      isWaitingForHost: false,
      archive: null,
      diskBytes: null,
      steps: [],
      changes: null,
      approvalPolicy: this.#options.approvalPolicy ?? 'never',
      fork: null,
      createdAt: new Date().toISOString(),
    };
  }

  #addRows(): void {
    const now = new Date().toISOString();
    const { db } = this.server;
    db.insert(projects)
      .values({ id: this.projectId, name: 'p', path: this.directory, createdAt: now, lastUsedAt: now })
      .run();
    this.#addWorkspace(db, this.workspaceId);
  }

  #addWorkspace(db: Database, id: WorkspaceId): void {
    const { steps: _, changes: __, archive: ___, fork: ____, move: _____, ...row } = this.#workspace(id);
    db.insert(workspaceRows)
      .values({ ...row, steps: '[]' })
      .run();
  }

  // What is committed, in a folder beside it.
  #fork(db: Database, name: string): WorkspaceId {
    const known = [...this.#forks].find(([, fork]) => fork.name === name);
    if (known) return known[0];
    const id = newId('workspace');
    const directory = join(this.folder, name);
    execFileSync('git', ['clone', '-q', this.directory, directory], { stdio: 'ignore' });
    this.#forks.set(id, { name, directory });
    this.#addWorkspace(db, id);
    return id;
  }
}

/** The runtime as a server sees it that can be killed: from `freeze` on nothing passes, in either direction. */
export function makeMortal(runtime: Runtime): { mortal: Runtime; freeze: () => void } {
  let isFrozen = false;
  const never = new Promise<never>(() => {});
  const wrap = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value === 'object' && value !== null) return wrap(value);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (isFrozen) return never;
          const result: unknown = Reflect.apply(value, object, args.map(silenced));
          return result instanceof Promise
            ? result.then(
                (given) => (isFrozen ? never : given),
                (error) => (isFrozen ? never : Promise.reject(error)),
              )
            : result;
        };
      },
    });
  const silenced = (argument: unknown): unknown => {
    if (typeof argument !== 'object' || argument === null || !('onOutput' in argument)) return argument;
    const { onOutput } = argument as { onOutput: (...given: unknown[]) => unknown };
    return { ...argument, onOutput: (...given: unknown[]) => (isFrozen ? undefined : onOutput(...given)) };
  };
  return { mortal: wrap(runtime), freeze: () => (isFrozen = true) };
}
