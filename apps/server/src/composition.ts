import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Runtimes } from '@farhand/shared/runtime/registry';
import { type Access, createAccess } from './access/access.ts';
import { createSignInRecords } from './access/sign-in-records.ts';
import { createApi } from './api/api.ts';
import { createCallTable } from './api/call-table.ts';
import { createDevelopmentPage, type DevelopmentPage } from './api/development-page.ts';
import type { Domains } from './api/domains.ts';
import { listenOnPort } from './api/listen.ts';
import { createStateSource } from './api/socket/state-subscription.ts';
import { openStaticFiles } from './api/static-files.ts';
import { createTokenGate } from './api/token-gate.ts';
import { type Audit, createAudit } from './audit/audit.ts';
import { auditPaths } from './audit/audit-paths.ts';
import { createDomains } from './composition/domains.ts';
import { closeHostBase, createHostBase, type HostBase } from './composition/host-base.ts';
import { type ConfigFile, openConfigFile } from './config/config-file.ts';
import { type DataFolder, takeDataFolder } from './config/data-folder.ts';
import { type ListenAddress, listenAddress } from './config/listen-address.ts';
import type { Paths } from './config/paths.ts';
import { writeRunningServer } from './config/running-server.ts';
import { VERSION } from './config/version.ts';
import { createStateFeed } from './feed/state-feed.ts';
import { createLog, type Log } from './logging/log.ts';
import type { RunningServer, ServerOptions } from './main.ts';
import { createMcpEndpoint } from './mcp-server/endpoint.ts';
import { loadShellGrammar } from './policy/shell/grammar.ts';
import { createRuntimes, type RuntimeFactories } from './runtimes/registry.ts';
import type { GivenKey } from './secrets/master-key.ts';
import { type Database, openDatabase } from './store/database.ts';
import { createSettings } from './store/settings.ts';

/** What the server is given of the machine it runs on. */
export interface Surroundings {
  readonly paths: Paths;
  readonly runtimes: RuntimeFactories;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The key of the vault, where the person gave it with the start; absent: it is in its file. */
  readonly masterKey?: GivenKey | null;
  readonly sshConfigPath: string;
  /** Of the web app; its built page is in `out`. */
  readonly webDirectory: string;
}

/** Everything that runs, in the order in which it must end. */
interface Parts {
  readonly folder: DataFolder;
  readonly log: Log;
  readonly db: Database;
  readonly audit: Audit;
  readonly hostBase: HostBase;
  readonly configFile: ConfigFile;
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
  const audit = createAudit({ paths: auditPaths(paths), settings: createSettings(db), log });
  const configFile = openConfigFile(paths.configFile);
  const policyFile = openConfigFile(paths.policyFile);
  const grammar = await loadShellGrammar();
  const feed = createStateFeed();
  const hostBase = createHostBase({ db, configFile }, surroundings);
  // Before anybody asks whether a name is one of them.
  await hostBase.aliases.read();
  const runtimes = createRuntimes(surroundings.runtimes, hostBase.settings.of);
  const domains = createDomains({
    audit,
    configFile,
    policyFile,
    grammar,
    db,
    feed,
    log,
    runtimes,
    ...hostBase,
    surroundings,
  });
  const access = createAccess({ db, tokens: domains.tokens, signIns: createSignInRecords(audit) });
  const place = { url: '', port: 0 };
  const loginUrl = () => `${place.url}/login?code=${access.issueCode()}`;
  const development = options.isDevelopment
    ? createDevelopmentPage(webDirectory, { hostname: address.host, port: () => place.port })
    : null;
  const table = createCallTable(domains, { loginUrl, status: statusOf(domains) });
  const gate = createTokenGate(domains);
  const api = createApi({
    access,
    log,
    development,
    calls: table,
    gate,
    mcp: createMcpEndpoint({ table, gate, access, feed, log }),
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
    close: () => stop({ folder, log, db, audit, hostBase, configFile, runtimes, domains, api, development }),
  };
}

function announce({ serverFile }: Paths, url: string, { cliToken }: Access): void {
  writeRunningServer(serverFile, { pid: process.pid, url, version: VERSION, token: cliToken });
}

function resume({
  checkpoints,
  dryRuns,
  secretUpkeep,
  workspaces,
  sessions,
  queue,
  search,
  terminals,
  hostJobs,
  comparisons,
  runs,
  operations,
  workspaceFiles,
}: Domains): void {
  secretUpkeep.resumeAll();
  workspaces.resumeAll();
  checkpoints.resumeAll();
  sessions.resumeAll();
  dryRuns.resumeAll();
  queue.resumeAll();
  comparisons.resumeAll();
  search.resumeAll();
  terminals.resumeAll();
  hostJobs.resumeAll();
  runs.resumeAll();
  operations.resumeAll();
  workspaceFiles.resumeAll();
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

async function stop({
  folder,
  log,
  db,
  audit,
  hostBase,
  configFile,
  runtimes,
  domains,
  api,
  development,
}: Parts): Promise<void> {
  // Before what they follow comes to rest: a turn that ends now begins no other one.
  domains.comparisons.close();
  domains.queue.close();
  domains.checkpoints.close();
  const inOrder = async () => {
    await Promise.all([
      api.close(),
      development?.close(),
      domains.sessions.close(),
      domains.dryRuns.close(),
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
  domains.tokens.close();
  domains.workspaceFiles.close();
  domains.coder.close();
  domains.operations.close();
  domains.runs.close();
  domains.approvals.close();
  domains.policy.close();
  domains.secretUpkeep.close();
  domains.hostJobs.close();
  domains.hosts.close();
  closeHostBase(hostBase);
  // Where it was too late, the connections have not been closed yet: none may outlive the store.
  runtimes.close().catch((error: unknown) => log.warn('server.stopped_badly', { error }));
  log.info('server.stopped');
  configFile.close();
  audit.close();
  db.close();
  folder.release();
}
