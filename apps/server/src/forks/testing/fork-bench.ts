/** A whole server's domains over two real hosts: this machine and another one in a home of its own, with the scripted model. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { ProjectId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import {
  type ModelScript,
  type ModelServer,
  startModelServer,
  TEST_MODEL,
} from '@farhand/shared/testing/model-server';
import { type Agents, createAgents } from '../../agents/agents.ts';
import { createBuiltinAgent } from '../../agents/builtin/builtin-agent.ts';
import { createApprovals } from '../../approvals/create-approvals.ts';
import { type Comparisons, createComparisons } from '../../comparisons/comparisons.ts';
import { createStateFeed, type StateFeed } from '../../feed/state-feed.ts';
import { createHostTasks, type HostTasks } from '../../host-tasks/host-tasks.ts';
import { createModels } from '../../models/models.ts';
import { createRateLimits } from '../../models/rate-limits.ts';
import { createProjects, type Projects } from '../../projects/projects.ts';
import { createQueue, type Queue } from '../../queue/queue.ts';
import { createSecrets, type Secrets } from '../../secrets/secrets.ts';
import { openVault } from '../../secrets/vault.ts';
import { createSessions, type Sessions } from '../../sessions/sessions.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { createTerminals, type Terminals } from '../../terminals/terminals.ts';
import { createTranscripts, type Transcripts } from '../../transcripts/transcripts.ts';
import { makeRepository, type TestRepository } from '../../workspaces/testing/repository.ts';
import { createWorkspaces, type Workspaces } from '../../workspaces/workspaces.ts';
import { createForks, type Forks } from '../forks.ts';
import { createMovedSessions } from '../moves.ts';

/** What a restart makes anew. */
export interface ForkServer {
  readonly feed: StateFeed;
  readonly projects: Projects;
  readonly workspaces: Workspaces;
  readonly sessions: Sessions;
  readonly transcripts: Transcripts;
  readonly terminals: Terminals;
  readonly secrets: Secrets;
  readonly agents: Agents;
  readonly hostTasks: HostTasks;
  readonly queue: Queue;
  readonly forks: Forks;
  readonly comparisons: Comparisons;
}

export interface ForkBenchOptions {
  readonly script?: ModelScript;
  /** Beside this machine; left open by `close`. */
  readonly others: readonly Runtime[];
  readonly testLimitMs?: number;
}

const WAIT_MS = 25_000;

/** A server that can be started anew, with this machine in a home of the bench's own, and other hosts. */
export class ForkBench {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'farhand-forks-')));
  readonly db: Database;
  readonly local: Runtime;
  readonly model: ModelServer;
  readonly #options: ForkBenchOptions;
  #change: ((runtime: Runtime) => Runtime) | null = null;
  server: ForkServer;

  static async start(options: ForkBenchOptions): Promise<ForkBench> {
    return new ForkBench(options, await startModelServer(options.script ?? []));
  }

  private constructor(options: ForkBenchOptions, model: ModelServer) {
    this.#options = options;
    this.model = model;
    mkdirSync(path.join(this.folder, 'home'), { mode: 0o700 });
    this.db = openDatabase(path.join(this.folder, 'db'));
    this.local = createLocalRuntime({
      home: path.join(this.folder, 'home'),
      environment: { PATH: process.env.PATH },
    });
    this.server = this.#open();
  }

  /** Changes what the server gets of its hosts: one that fails, as a rule. */
  replaceRuntimes(change: ((runtime: Runtime) => Runtime) | null): void {
    this.#change = change;
  }

  repository(): TestRepository {
    return makeRepository(path.join(this.folder, 'shop'), path.join(this.folder, 'home'));
  }

  /** A workspace of this machine that is ready, and whose agents never ask. */
  async make(projectId: ProjectId, name = 'fix checkout'): Promise<Workspace> {
    const { workspaces } = this.server;
    const input = { projectId, name, host: LOCAL_HOST, branch: 'main', transfer: 'history' } as const;
    const { id } = await workspaces.create(input);
    workspaces.setPolicy(id, 'never');
    return this.until(id, ({ state }) => state !== 'creating');
  }

  /** What a script prints in a workspace; it must succeed. */
  run({ directory, hostId }: Workspace, script: string): string {
    // Both hosts are this machine: what a test looks at must not go the way that it tests.
    const env = { PATH: process.env.PATH, HOME: path.join(this.folder, 'home'), LC_ALL: 'C' };
    if (directory === null) throw new Error(`no folder on ${hostId}`);
    return execFileSync('sh', ['-ec', script], { cwd: directory, env, encoding: 'utf8' });
  }

  until(id: WorkspaceId, condition: (workspace: Workspace) => boolean): Promise<Workspace> {
    return this.when(() => {
      const found = this.server.workspaces.list().find((one) => one.id === id);
      return found && condition(found) ? found : null;
    });
  }

  /** What `look` gives once it is not null, looked at after each change of an entity. */
  when<Found>(look: () => Found | null): Promise<Found> {
    const { feed, workspaces, sessions, comparisons } = this.server;
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = look();
        if (found === null) return;
        clearTimeout(timer);
        unwatch();
        resolve(found);
      };
      const unwatch = feed.watch(() => queueMicrotask(check));
      const timer = setTimeout(() => {
        unwatch();
        const now = {
          workspaces: workspaces.list(),
          sessions: sessions.list(),
          comparisons: comparisons.list(),
        };
        reject(new Error(`not in time: ${JSON.stringify(now, null, 1)}`));
      }, WAIT_MS);
      check();
    });
  }

  /** A new server over the same store; the former one has left everything as it was. */
  async restart(): Promise<void> {
    await this.#stop();
    this.server = this.#open();
    const { workspaces, sessions, queue, comparisons, terminals, hostTasks } = this.server;
    workspaces.resumeAll();
    sessions.resumeAll();
    queue.resumeAll();
    comparisons.resumeAll();
    terminals.resumeAll();
    hostTasks.resumeAll();
  }

  async close(): Promise<void> {
    this.#change = null;
    await this.#stop();
    for (const runtime of [this.local, ...this.#options.others])
      for (const { id } of await runtime.jobs.list()) await runtime.jobs.remove(id);
    await this.local.close();
    this.db.close();
    await this.model.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #stop(): Promise<void> {
    const { comparisons, queue, sessions, terminals, workspaces, hostTasks } = this.server;
    comparisons.close();
    queue.close();
    await sessions.close();
    await terminals.shutdown();
    await workspaces.shutdown();
    hostTasks.close();
  }

  #open(): ForkServer {
    const { db, folder } = this;
    const feed = createStateFeed();
    const gitEnvironment = {
      PATH: process.env.PATH,
      HOME: path.join(folder, 'home'),
      GIT_CONFIG_NOSYSTEM: '1',
    };
    const dataDirectory = path.join(folder, 'data');
    const projects = createProjects({ db, feed, dataDirectory, environment: gitEnvironment });
    const vault = openVault(path.join(folder, 'key'));
    const secrets = createSecrets({ db, vault });
    const environment = { FARHAND_MODEL_BASE_URL: this.model.url, FARHAND_MODEL: TEST_MODEL };
    const models = createModels({ db, vault, environment });
    const transcripts = createTranscripts({ db });
    const approvals = createApprovals({ db, feed, transcripts, secrets });
    const runtimes = this.#runtimes();
    const hostTasks = createHostTasks({ db, runtimes });
    const rest = async (id: WorkspaceId) => {
      const working = sessions.list().filter(({ workspaceId }) => workspaceId === id);
      await Promise.all(working.map((session) => sessions.stop(session.id)));
      await terminals.deleteOfWorkspace(id);
    };
    const scratchDirectory = path.join(folder, 'scratch');
    const agent = createBuiltinAgent({ db, models, timing: { firstPauseMs: 20, longestPauseMs: 40 } });
    const agents = createAgents({ builtin: async () => agent, acp: async () => agent });
    const stores = { db, feed, projects, secrets, hostTasks };
    const workspaces: Workspaces = createWorkspaces({
      ...stores,
      runtimes,
      scratchDirectory,
      archiveDirectory: path.join(folder, 'archives'),
      onDelete: async (id) => {
        await Promise.all([sessions.deleteOfWorkspace(id), terminals.deleteOfWorkspace(id)]);
      },
      onArchive: rest,
      moving: createMovedSessions({
        sessions: () => sessions,
        transcripts,
        agents,
        redactorOf: (id) => secrets.redactor(workspaces.get(id).projectId),
        rest,
      }),
    });
    const sessions = createSessions({
      ...stores,
      workspaces,
      transcripts,
      models,
      approvals,
      agents,
      terminals: () => terminals,
    });
    const terminals = createTerminals({ db, feed, workspaces, secrets, hostTasks });
    const queue = createQueue({
      ...stores,
      sessions,
      workspaces,
      agentLimit: () => null,
      rateLimits: createRateLimits(),
    });
    const forks = createForks({ feed, workspaces, sessions, transcripts, agents });
    const { testLimitMs } = this.#options;
    const comparisons = createComparisons({
      ...stores,
      workspaces,
      sessions,
      queue,
      transcripts,
      scratchDirectory,
      ...(testLimitMs === undefined ? {} : { timeLimitMs: testLimitMs }),
    });
    const work = { queue, forks, comparisons };
    return {
      feed,
      projects,
      workspaces,
      sessions,
      transcripts,
      terminals,
      secrets,
      agents,
      hostTasks,
      ...work,
    };
  }

  #runtimes(): Runtimes {
    const all = [this.local, ...this.#options.others];
    return {
      for: (hostId: HostId) => {
        const runtime = all.find((one) => one.hostId === hostId) ?? unknownHost(hostId);
        return this.#change?.(runtime) ?? runtime;
      },
      all: () => all,
      close: async () => {},
    };
  }
}

function unknownHost(hostId: HostId): never {
  throw new Error(`the test has no host ${hostId}`);
}
