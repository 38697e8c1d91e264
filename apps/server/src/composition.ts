import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { terminalId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { type Access, createAccess } from './access/access.ts';
import { createAgents } from './agents/agents.ts';
import { isBackgroundJob } from './agents/builtin/background/background-store.ts';
import { createApi } from './api/api.ts';
import { createCallTable } from './api/call-table.ts';
import { createDevelopmentPage, type DevelopmentPage } from './api/development-page.ts';
import type { Domains } from './api/domains.ts';
import { listenOnPort } from './api/listen.ts';
import { createStateSource } from './api/socket/state-subscription.ts';
import { openStaticFiles } from './api/static-files.ts';
import { createApprovals } from './approvals/create-approvals.ts';
import { createComparisons } from './comparisons/comparisons.ts';
import { childEnvironment } from './config/child-environment.ts';
import { type DataFolder, takeDataFolder } from './config/data-folder.ts';
import { type ListenAddress, listenAddress } from './config/listen-address.ts';
import type { Paths } from './config/paths.ts';
import { writeRunningServer } from './config/running-server.ts';
import { VERSION } from './config/version.ts';
import { createStateFeed, type StateFeed } from './feed/state-feed.ts';
import { createForks } from './forks/forks.ts';
import { createMovedSessions } from './forks/moves.ts';
import { createHostAgents } from './host-agents/host-agents.ts';
import { createDeletedWorkspaces } from './host-tasks/deleted-workspaces.ts';
import { createHostJobs } from './host-tasks/host-jobs.ts';
import { createHostTasks } from './host-tasks/host-tasks.ts';
import { createSweep } from './host-tasks/sweep.ts';
import { createHostSettings, type HostSettings } from './hosts/host-settings.ts';
import { createHostStore } from './hosts/host-store.ts';
import { createHosts } from './hosts/hosts.ts';
import { createHostQuestions, type HostQuestions } from './hosts/questions.ts';
import { createLog, type Log } from './logging/log.ts';
import type { RunningServer, ServerOptions } from './main.ts';
import { createMcpServers } from './mcp/mcp-servers.ts';
import { mcpServersFor } from './mcp/mcp-servers-for.ts';
import { createModels } from './models/models.ts';
import { createRateLimits } from './models/rate-limits.ts';
import { createPreferences } from './preferences/preferences.ts';
import { createProjects } from './projects/projects.ts';
import { createPush } from './push/push.ts';
import { createPushStore } from './push/push-store.ts';
import { createQueue } from './queue/queue.ts';
import { createRuntimes, type RuntimeFactories } from './runtimes/registry.ts';
import { createSearch } from './search/search.ts';
import { createSecrets } from './secrets/secrets.ts';
import { openVault } from './secrets/vault.ts';
import { createSessions } from './sessions/sessions.ts';
import { createSubAgents } from './sessions/sub-agents.ts';
import { createSpending } from './spending/spending.ts';
import { type Database, openDatabase } from './store/database.ts';
import { hasSealedTexts } from './store/sealed-texts.ts';
import { createSettings } from './store/settings.ts';
import { createTerminals } from './terminals/terminals.ts';
import { createTranscripts } from './transcripts/transcripts.ts';
import { createWorkspaces } from './workspaces/workspaces.ts';

/** What the server is given of the machine it runs on. */
export interface Surroundings {
  readonly paths: Paths;
  readonly runtimes: RuntimeFactories;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sshConfigPath: string;
  /** Of the web app; its built page is in `out`. */
  readonly webDirectory: string;
}

/** Everything that runs, in the order in which it must end. */
interface Parts {
  readonly folder: DataFolder;
  readonly log: Log;
  readonly db: Database;
  readonly runtimes: Runtimes;
  readonly domains: Domains;
  readonly api: { close(): Promise<void> };
  readonly development: DevelopmentPage | null;
}

/** How long the stop waits for hosts; with the rest it stays below three seconds. */
const STOP_TIMEOUT_MS = 2_500;

/** The whole server, listening. See `startServer` for what it throws. */
export async function composeServer(
  options: ServerOptions,
  surroundings: Surroundings,
): Promise<RunningServer> {
  const address = listenAddress(options.host ?? '127.0.0.1', options.isRemoteAllowed ?? false);
  const folder = takeDataFolder(surroundings.paths);
  try {
    return await composeInFolder(options, surroundings, address, folder);
  } catch (thrown) {
    folder.release();
    throw thrown;
  }
}

async function composeInFolder(
  options: ServerOptions,
  surroundings: Surroundings,
  address: ListenAddress,
  folder: DataFolder,
): Promise<RunningServer> {
  const { paths, webDirectory } = surroundings;
  const log = createLog(options.logLevel ?? 'info', paths.logFile);
  const db = openDatabase(paths.databaseFile);
  const feed = createStateFeed();
  const questions = createHostQuestions();
  const { defaultMethod } = surroundings.runtimes;
  const settings = createHostSettings({ store: createHostStore(db), questions, defaultMethod });
  const runtimes = createRuntimes(surroundings.runtimes, settings.of);
  const domains = createDomains({ db, feed, log, runtimes, questions, settings, surroundings });
  const access = createAccess({ db });
  const place = { url: '', port: 0 };
  const loginUrl = () => `${place.url}/login?code=${access.issueCode()}`;
  const development = options.isDevelopment
    ? createDevelopmentPage(webDirectory, { hostname: address.host, port: () => place.port })
    : null;
  const api = createApi({
    access,
    log,
    development,
    calls: createCallTable(domains, { loginUrl, status: statusOf(domains) }),
    files: development ? null : openStaticFiles(join(webDirectory, 'out')),
    topics: { ...domains, state: createStateSource(feed, domains) },
    version: VERSION,
    serverId: randomUUID(),
  });
  place.port = await listenOnPort(api, address.host, options.port ?? null);
  place.url = `http://${address.shownName}:${place.port}`;
  access.serve({ port: place.port, names: address.names, behindProxy: options.allowedHosts ?? [] });
  announce(paths, place.url, access);
  resume(domains);
  log.info('server.started', { url: place.url, version: VERSION, pid: process.pid });
  return {
    url: place.url,
    loginUrl,
    close: () => stop({ folder, log, db, runtimes, domains, api, development }),
  };
}

interface DomainDeps {
  readonly db: Database;
  readonly feed: StateFeed;
  readonly log: Log;
  readonly runtimes: Runtimes;
  readonly questions: HostQuestions;
  readonly settings: HostSettings;
  readonly surroundings: Surroundings;
}

function createDomains(deps: DomainDeps): Domains {
  const { db, feed, log, runtimes, questions, settings, surroundings } = deps;
  const { paths, environment, sshConfigPath } = surroundings;
  const vault = openVault(paths.keyFile, () => hasSealedTexts(db));
  const secrets = createSecrets({ db, vault });
  const rateLimits = createRateLimits();
  const models = createModels({ db, vault, environment, rateLimits });
  const projects = createProjects({
    db,
    feed,
    dataDirectory: paths.dataDirectory,
    environment: childEnvironment(environment),
  });
  const transcripts = createTranscripts({ db, onSeq: (id) => search.sessionChanged(id) });
  const search = createSearch({ db, transcripts, log });
  feed.watch((change) => {
    if (change.type === 'removed' && change.kind === 'terminal')
      search.terminalGone(terminalId.parse(change.id));
  });
  const endWork = async (id: WorkspaceId) => {
    await Promise.all([sessions.deleteOfWorkspace(id), terminals.deleteOfWorkspace(id)]);
  };
  // Sessions stay, and with them what was said; terminals are of the host that is freed.
  const restWork = async (id: WorkspaceId) => {
    const working = sessions.list().filter(({ workspaceId }) => workspaceId === id);
    await Promise.all(working.map((session) => sessions.stop(session.id)));
    await terminals.deleteOfWorkspace(id);
  };
  const approvals = createApprovals({ db, feed, transcripts, secrets, log });
  const hostTasks = createHostTasks({ db, runtimes, log });
  const workspaces = createWorkspaces({
    hostTasks,
    db,
    feed,
    runtimes,
    projects,
    secrets,
    scratchDirectory: paths.scratchDirectory,
    archiveDirectory: join(paths.dataDirectory, 'archives'),
    log,
    onDelete: endWork,
    onArchive: restWork,
    moving: createMovedSessions({
      sessions: () => sessions,
      transcripts,
      agents: { of: (id) => agents.of(id) },
      redactorOf: (id) => secrets.redactor(workspaces.get(id).projectId),
      rest: restWork,
      log,
    }),
    defaultPolicy: approvals.defaultPolicy,
    isJobShown: (id) => terminals.list().some(({ jobId }) => jobId === id) || isBackgroundJob(db, id),
  });
  const subAgents = createSubAgents({
    sessions: () => sessions,
    transcripts,
    feed,
    workspaces,
    fork: (id, name) => forks.forkedReady(id, name),
  });
  const agents = createAgents({
    builtin: async () =>
      (await import('./agents/builtin/builtin-agent.ts')).createBuiltinAgent({ db, models, subAgents }),
    acp: async () =>
      (await import('./agents/acp/acp-agent.ts')).createAcpAgent({
        db,
        hostTasks,
        log,
        hostAgents,
        // Without secrets: what is sent to an agent lies in a file on its host.
        mcpServers: async ({ projectId }) => mcpServersFor({ db, projectId, secrets: {} }),
      }),
  });
  const sessions = createSessions({
    db,
    feed,
    workspaces,
    transcripts,
    secrets,
    models,
    approvals,
    terminals: () => terminals,
    agents,
    hostTasks,
    log,
  });
  const terminals = createTerminals({
    db,
    feed,
    workspaces,
    secrets,
    hostTasks,
    onOutput: search.terminalOutput,
  });
  const hostAgents = createHostAgents({ db, feed, runtimes, workspaces, terminals });
  const queue = createQueue({
    db,
    feed,
    sessions,
    workspaces,
    secrets,
    agentLimit: settings.agentLimit,
    rateLimits,
    log,
  });
  const forks = createForks({ feed, workspaces, sessions, transcripts, agents, log });
  const comparisons = createComparisons({
    db,
    feed,
    workspaces,
    sessions,
    queue,
    transcripts,
    secrets,
    hostTasks,
    projects,
    scratchDirectory: paths.scratchDirectory,
    log,
  });
  const preferences = createPreferences(createSettings(db));
  const push = createPush({
    store: createPushStore(db),
    settings: createSettings(db),
    vault,
    feed,
    preferences,
    names: {
      workspace: (id) => workspaces.list().find((one) => one.id === id)?.name ?? 'Farhand',
      sessionTitle: (id) => sessions.list().find((one) => one.id === id)?.title ?? 'An agent',
    },
    log,
  });
  const hostsInUse = () => workspaces.list().map(({ hostId }) => hostId);
  const hosts = createHosts({ runtimes, feed, sshConfigPath, settings, questions, hostsInUse });
  const isKnown = (id: WorkspaceId) => workspaces.list().some((one) => one.id === id);
  const deleted = createDeletedWorkspaces(db);
  const sweep = createSweep({ runtimes, deleted, isKnown, arrivals: hostTasks.arrivals, log });
  const hostJobs = createHostJobs({
    runtimes,
    workspaces,
    terminals,
    callsOf: (id) => sessions.callsOf(id),
    tasks: hostTasks,
    sweep,
  });
  return {
    hosts,
    hostAgents,
    hostJobs,
    projects,
    workspaces,
    sessions,
    transcripts,
    terminals,
    secrets,
    models,
    approvals,
    forks,
    comparisons,
    mcpServers: createMcpServers(db),
    spending: createSpending({ db }),
    queue,
    preferences,
    push,
    search,
  };
}

function announce({ serverFile }: Paths, url: string, { cliToken }: Access): void {
  writeRunningServer(serverFile, { pid: process.pid, url, version: VERSION, token: cliToken });
}

function resume({ workspaces, sessions, queue, search, terminals, hostJobs, comparisons }: Domains): void {
  workspaces.resumeAll();
  sessions.resumeAll();
  queue.resumeAll();
  comparisons.resumeAll();
  search.resumeAll();
  terminals.resumeAll();
  hostJobs.resumeAll();
}

function statusOf({ sessions, terminals }: Domains) {
  const startedAt = new Date().toISOString();
  return () => {
    const running = terminals.list().filter(({ exit }) => exit === null).length;
    const working = sessions.list().filter(({ state }) => state === 'working').length;
    return {
      version: VERSION,
      startedAt,
      rssBytes: process.memoryUsage.rss(),
      runningJobs: running + working,
    };
  };
}

async function stop({ folder, log, db, runtimes, domains, api, development }: Parts): Promise<void> {
  // Before what they follow comes to rest: a turn that ends now begins no other one.
  domains.comparisons.close();
  domains.queue.close();
  const inOrder = async () => {
    await Promise.all([
      api.close(),
      development?.close(),
      domains.sessions.close(),
      domains.terminals.shutdown(),
      domains.workspaces.shutdown(),
    ]);
    await runtimes.close();
  };
  // A host that hangs must not hold the server: whatever is left is taken up by the next start.
  const tooLate = new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
  await Promise.race([inOrder(), tooLate]).catch((error: unknown) =>
    log.warn('server.stopped_badly', { error }),
  );
  domains.search.close();
  domains.push.close();
  domains.approvals.close();
  domains.hostJobs.close();
  // Where it was too late, the connections have not been closed yet: none may outlive the store.
  runtimes.close().catch((error: unknown) => log.warn('server.stopped_badly', { error }));
  log.info('server.stopped');
  db.close();
  folder.release();
}
