/** The domains of the server over a real store, real git and a real runtime, for tests. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalRuntime } from '@farhand/runtime-local/runtime';
import { type HostId, LOCAL_HOST } from '@farhand/shared/model/hosts';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { createStateFeed, type StateFeed } from '../../feed/state-feed.ts';
import { createHostTasks, type HostTasks } from '../../host-tasks/host-tasks.ts';
import { createProjects, type Projects } from '../../projects/projects.ts';
import { createSecrets, type Secrets } from '../../secrets/secrets.ts';
import { openVault } from '../../secrets/vault.ts';
import { type Database, openDatabase } from '../../store/database.ts';
import { createTerminals, type Terminals } from '../../terminals/terminals.ts';
import { createWorkspaces, type Workspaces, type WorkspacesDeps } from '../workspaces.ts';
import { makeRepository, type TestRepository } from './repository.ts';

interface Domains {
  readonly feed: StateFeed;
  readonly projects: Projects;
  readonly secrets: Secrets;
  readonly workspaces: Workspaces;
  readonly terminals: Terminals;
  readonly hostTasks: HostTasks;
}

export interface Bench extends Domains {
  readonly folder: string;
  /** The home folder of the host. */
  readonly home: string;
  readonly db: Database;
  readonly runtime: Runtime;
  /** Runs on the host so far: what costs a round trip each. */
  execs(): number;
  /** Puts another runtime in the place of the host's: one that fails, as a rule. Null for the true one. */
  replaceRuntime(change: ((runtime: Runtime) => Runtime) | null): void;
  repository(name?: string): TestRepository;
  /** New domains over the same store, as after a restart of the server. */
  restart(): Domains;
  /** Makes a workspace and waits until it is ready or failed. */
  make(
    input: Partial<Parameters<Workspaces['create']>[0]> & Pick<Workspace, 'projectId'>,
  ): Promise<Workspace>;
  /** Resolves with the workspace once it satisfies the condition; tells the steps when it takes too long. */
  until(id: WorkspaceId, condition: (workspace: Workspace) => boolean, domains?: Domains): Promise<Workspace>;
  close(): Promise<void>;
}

const WAIT_MS = 20_000;

export interface BenchOptions {
  readonly hostId?: HostId;
  /** Instead of this machine; gets the bench's own folder. */
  readonly runtime?: Runtime;
  readonly home?: string;
  /** Limits other than the usual ones. */
  readonly workspaces?: Partial<
    Pick<WorkspacesDeps, 'retrieval' | 'quotaBytes' | 'jobLimits' | 'isJobShown' | 'lookFrom'>
  >;
}

export function openBench(options: BenchOptions = {}): Bench {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'farhand-bench-')));
  const home = options.home ?? path.join(folder, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const runtime = options.runtime ?? createLocalRuntime({ home, environment: { PATH: process.env.PATH } });
  const hostId = options.hostId ?? LOCAL_HOST;
  const db = openDatabase(path.join(folder, 'db'));
  const environment = { PATH: process.env.PATH, HOME: path.join(folder, 'home'), GIT_CONFIG_NOSYSTEM: '1' };
  let execs = 0;
  let change: ((runtime: Runtime) => Runtime) | null = null;
  const counted: Runtime = { ...bound(runtime), exec: (...args) => ((execs += 1), runtime.exec(...args)) };
  const runtimes: Runtimes = {
    for: () => change?.(counted) ?? counted,
    all: () => [counted],
    close: async () => {},
  };

  const open = (): Domains => {
    const feed = createStateFeed();
    const projects = createProjects({ db, feed, dataDirectory: path.join(folder, 'data'), environment });
    const secrets = createSecrets({ db, vault: openVault(path.join(folder, 'key')) });
    const onDelete = (id: WorkspaceId) => terminals.deleteOfWorkspace(id);
    const hostTasks = createHostTasks({ db, runtimes });
    const workspaces = createWorkspaces({
      hostTasks,
      db,
      feed,
      runtimes,
      projects,
      secrets,
      scratchDirectory: path.join(folder, 'scratch'),
      archiveDirectory: path.join(folder, 'archives'),
      onDelete,
      onArchive: onDelete,
      ...options.workspaces,
    });
    const terminals: Terminals = createTerminals({ db, feed, workspaces, secrets, hostTasks });
    opened.push({ terminals, workspaces, hostTasks });
    return { feed, projects, secrets, workspaces, terminals, hostTasks };
  };
  const opened: Pick<Domains, 'terminals' | 'workspaces' | 'hostTasks'>[] = [];
  const domains = open();

  const until: Bench['until'] = (id, condition, { feed, workspaces } = domains) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = workspaces.list().find((one) => one.id === id);
        if (!found || !condition(found)) return;
        clearTimeout(timer);
        unwatch();
        resolve(found);
      };
      const unwatch = feed.watch(look);
      const timer = setTimeout(() => {
        unwatch();
        reject(new Error(`not in time: ${JSON.stringify(workspaces.list(), null, 1)}`));
      }, WAIT_MS);
      look();
    });

  return {
    ...domains,
    folder,
    home,
    db,
    runtime: counted,
    execs: () => execs,
    replaceRuntime: (next) => {
      change = next;
    },
    repository: (name = 'shop') => makeRepository(path.join(folder, name), path.join(folder, 'home')),
    restart: open,
    async make(input) {
      const made = await domains.workspaces.create({
        host: hostId,
        branch: 'main',
        name: 'fix checkout',
        transfer: 'history',
        ...input,
      });
      return until(made.id, ({ state }) => state !== 'creating');
    },
    until,
    async close() {
      for (const { hostTasks } of opened) hostTasks.close();
      await Promise.all(
        opened.flatMap(({ terminals, workspaces }) => [terminals.shutdown(), workspaces.shutdown()]),
      );
      for (const { id } of await runtime.jobs.list()) await runtime.jobs.remove(id);
      await runtime.close();
      db.close();
      // What a workspace left in the archives is removed behind it.
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

// A spread alone would lose what a class keeps in its prototype, and a test changes single methods.
function bound(runtime: Runtime): Runtime {
  return {
    hostId: runtime.hostId,
    files: runtime.files,
    jobs: {
      start: (spec) => runtime.jobs.start(spec),
      attach: (id, options) => runtime.jobs.attach(id, options),
      get: (id) => runtime.jobs.get(id),
      list: (label) => runtime.jobs.list(label),
      write: (id, offset, bytes) => runtime.jobs.write(id, offset, bytes),
      read: (id, stream, offset, limit) => runtime.jobs.read(id, stream, offset, limit),
      resize: (id, rows, cols) => runtime.jobs.resize(id, rows, cols),
      signal: (id, signal) => runtime.jobs.signal(id, signal),
      stop: (id, options) => runtime.jobs.stop(id, options),
      remove: (id) => runtime.jobs.remove(id),
    },
    connection: () => runtime.connection(),
    watchConnection: (listener) => runtime.watchConnection(listener),
    facts: () => runtime.facts(),
    exec: (command, options) => runtime.exec(command, options),
    forward: (port) => runtime.forward(port),
    close: () => runtime.close(),
  };
}

/** `ready`, or which step failed and why: what a test that expected `ready` should print. */
export function outcomeOf({ state, steps }: Workspace): string {
  const failed = steps.find((step) => step.state === 'failed');
  return failed ? `${failed.name} failed: ${failed.error?.code} ${failed.error?.message}` : state;
}
