import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentControls, Attachment } from '@farhand/shared/model/agents';
import type { Approval, ApprovalPolicy } from '@farhand/shared/model/approvals';
import { newId, type ProjectId, type SessionId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { TranscriptItem } from '@farhand/shared/model/transcripts';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import { type AcpAgentOptions, placeAcpAgent } from '@farhand/shared/testing/acp-agent/acp-agent';
import type { Approvals } from '../../../approvals/approvals.ts';
import { createApprovals } from '../../../approvals/create-approvals.ts';
import { PRESETS } from '../../../approvals/judging.ts';
import { recordedAudit } from '../../../audit/testing/recorded-audit.ts';
import { createDryRuns, type DryRuns } from '../../../dry-run/dry-runs.ts';
import { createStateFeed, type StateFeed } from '../../../feed/state-feed.ts';
import { createHostTasks, type HostTasks } from '../../../host-tasks/host-tasks.ts';
import { createModels } from '../../../models/models.ts';
import { createSecrets, type Secrets } from '../../../secrets/secrets.ts';
import { openVault } from '../../../secrets/vault.ts';
import { createSessions, type Sessions } from '../../../sessions/sessions.ts';
import { type Database, openDatabase } from '../../../store/database.ts';
import { projects, workspaces as workspaceRows } from '../../../store/schema.ts';
import { createTranscripts, type Transcripts } from '../../../transcripts/transcripts.ts';
import type { Agent } from '../../agent.ts';
import { createAgents } from '../../agents.ts';
import { makeMortal } from '../../builtin/testing/agent-bench.ts';
import { createAcpAgent } from '../acp-agent.ts';
import type { AcpTiming, GivenServers } from '../turn/deps.ts';
import type { AcpHost } from './acp-host.ts';

export interface AcpBenchOptions {
  readonly agent?: AcpAgentOptions;
  readonly policy?: ApprovalPolicy;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly timing?: Partial<AcpTiming>;
  readonly servers?: GivenServers;
  /** With dry runs. */
  readonly hasDryRuns?: boolean;
  /** In the place of what starts the scripted agent. */
  readonly startCommand?: () => Promise<{ name: string; command: string }>;
}

/** One running server's part of the bench: all that a restart makes anew. */
interface Server {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly runtime: Runtime;
  readonly secrets: Secrets;
  readonly transcripts: Transcripts;
  readonly approvals: Approvals;
  readonly sessions: Sessions;
  readonly hostTasks: HostTasks;
  readonly dryRuns: DryRuns;
  readonly agent: Agent;
  readonly terminals: string[];
  freeze(): void;
}

/** A session with the scripted agent on a real host, over a real database. */
export class AcpBench {
  readonly workspaceId: WorkspaceId = newId('workspace');
  readonly projectId: ProjectId = newId('project');
  readonly directory: string;
  readonly folder: string;
  readonly #host: AcpHost;
  readonly #options: AcpBenchOptions;
  readonly #past: Server[] = [];
  readonly #command: string;
  server: Server;
  sessionId: SessionId;

  constructor(host: AcpHost, options: AcpBenchOptions = {}) {
    this.#host = host;
    this.#options = options;
    this.folder = join(host.home, this.workspaceId);
    this.directory = join(this.folder, 'work');
    mkdirSync(this.directory, { recursive: true });
    const agent = { log: this.path('log'), memory: this.path('memory'), ...options.agent };
    this.#command = placeAcpAgent(join(this.folder, 'agent'), agent).command;
    this.server = this.#openServer();
    this.#addRows();
    for (const [name, value] of Object.entries(options.secrets ?? {}))
      this.server.secrets.set({ kind: 'project', projectId: this.projectId }, name, value);
    this.sessionId = this.create();
  }

  /** A file beside the workspace, as the agent's log. */
  path(name: string): string {
    return join(this.folder, name);
  }

  create(nativeId: string | null = null): SessionId {
    return this.server.sessions.create(this.workspaceId, null, { agent: 'codex', nativeId }).id;
  }

  get items(): TranscriptItem[] {
    return this.server.transcripts.items(this.sessionId);
  }

  /** All that the agent said. */
  get said(): string {
    return this.items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).join('|');
  }

  get notices(): string[] {
    return this.items.flatMap((item) => (item.kind === 'notice' ? [item.text] : []));
  }

  get turn() {
    const turn = this.items.findLast((item) => item.kind === 'turn');
    if (turn?.kind !== 'turn') throw new Error('there is no turn');
    return turn;
  }

  get controls(): AgentControls | undefined {
    return this.server.sessions.controls().find(({ id }) => id === this.sessionId);
  }

  /** Each message that the agent got, and each start. */
  get log(): Record<string, unknown>[] {
    if (!existsSync(this.path('log'))) return [];
    const lines = readFileSync(this.path('log'), 'utf8').trimEnd().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  /** What the agent was asked, by method. */
  asked(method: string): Record<string, unknown>[] {
    return this.log.filter((entry) => entry.method === method);
  }

  /** Process ids of the agents that were started. */
  get pids(): number[] {
    return this.log.flatMap(({ started }) => (typeof started === 'number' ? [started] : []));
  }

  prompt(text: string, attachments: readonly Attachment[] = []): void {
    this.server.sessions.prompt(this.sessionId, text, { model: null, attachments });
  }

  async promptAndWait(text: string, attachments: readonly Attachment[] = []): Promise<void> {
    this.prompt(text, attachments);
    await this.whenEnded();
  }

  async whenEnded(): Promise<void> {
    const resting = ['idle', 'done', 'failed'];
    await this.when(
      () => this.turn.state !== 'working' && resting.includes(this.server.sessions.get(this.sessionId).state),
    );
  }

  copyMemory(from: SessionId, to: SessionId): Promise<void> {
    return this.server.agent.copyMemory(from, to);
  }

  /** The question that is open, once there is one. */
  async approval(): Promise<Approval> {
    await this.when(() => this.server.approvals.open().length > 0);
    const [open] = this.server.approvals.open();
    if (!open) throw new Error('nothing is asked');
    return open;
  }

  async decide(
    decision:
      | { kind: 'allow'; scope: 'once' }
      | { kind: 'deny' }
      | { kind: 'answer'; values: Record<string, string | boolean> },
  ): Promise<void> {
    const { id: approvalId, hash } = await this.approval();
    this.server.approvals.decide({ approvalId, hash, decision }, 'page');
  }

  /** Resolves when it holds, looked at after each event of the session and each change of an entity. */
  async when(holds: () => boolean): Promise<void> {
    const { transcripts, feed } = this.server;
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        try {
          if (!holds()) return;
          resolve();
        } catch (error) {
          reject(error);
        }
        unwatch();
        unwatchFeed();
      };
      const unwatch = transcripts.watch(this.sessionId, () => queueMicrotask(look));
      const unwatchFeed = feed.watch(() => queueMicrotask(look));
      look();
    });
  }

  /** Lets the agent pass its step `gate <file>`. */
  openGate(name: string): void {
    writeFileSync(this.path(name), '');
  }

  /** As by kill -9: nothing of the server acts any more, and nothing of it was put in order. */
  kill(): void {
    this.server.freeze();
    this.#past.push(this.server);
  }

  start(): void {
    this.server = this.#openServer();
    this.server.sessions.resumeAll();
    this.server.dryRuns.resumeAll();
    this.server.hostTasks.resumeAll();
  }

  restart(): void {
    this.kill();
    this.start();
  }

  /** As by an orderly end of the server and a new start. */
  async closeAndStart(): Promise<void> {
    const { sessions, hostTasks, runtime, db } = this.server;
    await sessions.close();
    hostTasks.close();
    await runtime.close();
    db.close();
    this.start();
  }

  async close(): Promise<void> {
    await this.server.sessions.deleteOfWorkspace(this.workspaceId);
    await this.server.sessions.close();
    this.server.hostTasks.close();
    const { jobs } = this.server.runtime;
    for (const { id } of await jobs.list(this.workspaceId)) await jobs.remove(id);
    await this.server.runtime.close();
    for (const past of this.#past) await past.runtime.close();
    this.server.db.close();
  }

  #openServer(): Server {
    const db = openDatabase(join(this.folder, 'db.sqlite'));
    const vault = openVault(join(this.folder, 'key'));
    const feed = createStateFeed();
    const secrets = createSecrets({ db, vault });
    const models = createModels({ db, vault, environment: {} });
    const transcripts = createTranscripts({ db });
    const runtime = this.#host.open();
    const { mortal, freeze } = makeMortal(runtime);
    const workspace = this.#workspace();
    const workspaces = {
      get: () => workspace,
      ready: () => ({ workspace, directory: this.directory, runtime: mortal }),
      refreshChanges: () => {},
    };
    const hostTasks = createHostTasks({ db, runtimes: { for: () => mortal } });
    const startCommand =
      this.#options.startCommand ?? (async () => ({ name: 'Scripted', command: this.#command }));
    const agent = createAcpAgent({
      db,
      vault,
      hostTasks,
      hostAgents: { startCommand },
      mcpServers: async () => this.#options.servers ?? { servers: [], leftOut: [] },
      timing: { cancelMs: 300, ...this.#options.timing },
    });
    const approvals = createApprovals({ db, feed, transcripts, secrets });
    const terminals: string[] = [];
    const dryRuns = createDryRuns({
      db,
      feed,
      sessions: () => sessions,
      workspaces,
      transcripts,
      secrets,
      audit: recordedAudit(),
      policy: PRESETS,
      controlsOf: (id) => sessions.controls().find((one) => one.id === id) ?? null,
    });
    const sessions: Sessions = createSessions({
      ...(this.#options.hasDryRuns && { dryRunOf: dryRuns.of }),
      db,
      feed,
      workspaces,
      transcripts,
      secrets,
      models,
      agents: createAgents({ builtin: async () => agent, acp: async () => agent }),
      approvals,
      terminals: () => ({
        open: (_id, _how, program) => {
          terminals.push(program?.command ?? '');
          return Promise.reject(new Error('no terminal in this test'));
        },
      }),
      hostTasks,
    });
    const freezeAll = () => {
      freeze();
      hostTasks.close();
      db.close();
    };
    return {
      db,
      feed,
      runtime,
      secrets,
      transcripts,
      approvals,
      sessions,
      hostTasks,
      dryRuns,
      agent,
      terminals,
      freeze: freezeAll,
    };
  }

  #workspace(): Workspace {
    return {
      id: this.workspaceId,
      projectId: this.projectId,
      name: 'w',
      hostId: this.#host.hostId,
      directory: this.directory,
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
      approvalPolicy: this.#options.policy ?? 'never',
      fork: null,
      createdAt: new Date().toISOString(),
    };
  }

  #addRows(): void {
    const now = new Date().toISOString();
    const { steps: _, changes: __, archive: ___, fork: ____, move: _____, ...row } = this.#workspace();
    const { db } = this.server;
    db.insert(projects)
      .values({ id: this.projectId, name: 'p', path: this.directory, createdAt: now, lastUsedAt: now })
      .run();
    db.insert(workspaceRows)
      .values({ ...row, steps: '[]' })
      .run();
  }
}
