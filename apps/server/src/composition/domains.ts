import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { terminalId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Domains } from '../api/domains.ts';
import { type Coder, createCoder } from '../coder/coder.ts';
import { createComparisons } from '../comparisons/comparisons.ts';
import { childEnvironment } from '../config/child-environment.ts';
import { createDeletedWorkspaces } from '../host-tasks/deleted-workspaces.ts';
import { createHostJobs, type HostJobs } from '../host-tasks/host-jobs.ts';
import { createSweep } from '../host-tasks/sweep.ts';
import { createHosts, type Hosts } from '../hosts/hosts.ts';
import { createMcpServers } from '../mcp/mcp-servers.ts';
import { labelsIn } from '../policy/host-labels.ts';
import { globMatcher } from '../policy/rules/glob.ts';
import { createPreferences, type Preferences } from '../preferences/preferences.ts';
import { createProjectSettings } from '../projects/settings/project-settings.ts';
import type { Protect } from '../protection/protect.ts';
import { createPush, type Push } from '../push/push.ts';
import { createPushStore } from '../push/push-store.ts';
import { createQueue } from '../queue/queue.ts';
import type { Runs } from '../runs/runs.ts';
import { createSecretUpkeep } from '../secrets/secret-upkeep.ts';
import { createSpending } from '../spending/spending.ts';
import { createSettings } from '../store/settings.ts';
import { createSudo, type Sudo } from '../sudo/sudo.ts';
import { createTokens, type Tokens } from '../tokens/tokens.ts';
import { createWorkspaceFiles } from '../workspace-files/workspace-files.ts';
import { createFoundation, type DomainDeps, type Foundation } from './foundation.ts';
import { programsOf } from './programs.ts';
import { createOperationsOf, createRunsOf } from './runs.ts';
import { createWork, type Work } from './work.ts';

type Built = DomainDeps & Foundation & Work;

/** Everything that the API makes reachable, wired together; nothing of it runs before it is resumed. */
export function createDomains(deps: DomainDeps): Domains {
  const { db, feed, log, settings } = deps;
  const foundation = createFoundation(deps);
  const others: { operations: Protect } = {
    operations: (runtime, place, use) => operations.layer(runtime, place, use),
  };
  const built: Built = { ...deps, ...foundation, ...createWork({ ...deps, ...foundation }, others) };
  const runs = createRunsOf(built);
  const operations = createOperationsOf({ ...built, runs });
  const { search, sessions, workspaces, secrets, rateLimits, transcripts, hostTasks, projects } = built;
  feed.watch((change) => {
    if (change.type === 'removed' && change.kind === 'terminal')
      search.terminalGone(terminalId.parse(change.id));
  });
  const { agentLimit } = settings;
  const queue = createQueue({ db, feed, sessions, workspaces, secrets, agentLimit, rateLimits, log });
  const { scratchDirectory } = deps.surroundings.paths;
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
    scratchDirectory,
    log,
  });
  const mcpServers = createMcpServers(db);
  const { checkpoints, dryRuns, hostAgents, terminals, models, approvals, forks, sandboxes, sandboxChoices } =
    built;
  return {
    ...createHostDomains({ ...built, runs }),
    ...createPersonDomains(built),
    audit: deps.audit,
    coder: createCoderDomain(built),
    sudo: createSudoDomain(built),
    hostAgents,
    sandboxes,
    sandboxChoices,
    projects,
    workspaces,
    sessions,
    transcripts,
    terminals,
    secrets,
    secretKeys: built.secretKeys,
    secretUpkeep: createSecretUpkeep(built),
    models,
    policy: built.policy,
    runs,
    operations,
    approvals,
    forks,
    checkpoints,
    dryRuns,
    comparisons,
    mcpServers,
    projectSettings: createProjectSettings({ ...built, mcpServers }),
    spending: createSpending({ db }),
    queue,
    search,
    workspaceFiles: createWorkspaceFiles({ ...built, arrivals: hostTasks.arrivals }),
  };
}

function createHostDomains(built: Built & { readonly runs: Runs }): { hosts: Hosts; hostJobs: HostJobs } {
  const { db, feed, log, audit, runtimes, questions, settings, surroundings } = built;
  const { workspaces, sessions, terminals, runs, hostTasks: tasks } = built;
  const isKnown = (id: WorkspaceId) => workspaces.list().some((one) => one.id === id);
  const deleted = createDeletedWorkspaces(db);
  const sweep = createSweep({ runtimes, deleted, isKnown, arrivals: tasks.arrivals, log });
  const callsOf = (id: WorkspaceId) => sessions.callsOf(id);
  const hosts = createHosts({
    runtimes,
    feed,
    settings,
    questions,
    hostsInUse: () => [...workspaces.list().map(({ hostId }) => hostId), ...runs.hostsInUse()],
    forgetTasks: tasks.forget.bind(tasks),
    audit,
    records: built.hostRecords,
    aliases: built.aliases,
    which: built.whichHost,
    store: built.hostStore,
    resting: built.resting,
    factories: surroundings.runtimes,
  });
  runs.watch(({ endedAt, hostId }) => endedAt !== null && hosts.release(hostId));
  return {
    hosts,
    hostJobs: createHostJobs({
      runtimes,
      workspaces,
      terminals,
      callsOf,
      programsOf: (id) => programsOf({ db, sessions, workspaces }, id),
      tasks,
      sweep,
    }),
  };
}

function createSudoDomain({ configFile, policy, runtimes, surroundings }: Built): Sudo {
  return createSudo({
    runtimes,
    rules() {
      const { rules, problems } = policy.get();
      if (problems[0]) throw new FarhandError('policy.invalid', { message: problems[0].message });
      return rules;
    },
    holdsOn: ({ host }, hostId) =>
      host.length === 0 ||
      host.some((pattern) =>
        [hostId, ...labelsIn(configFile.read(), hostId)].some(globMatcher(pattern, false)),
      ),
    environment: childEnvironment(surroundings.environment),
  });
}

function createCoderDomain({
  db,
  vault,
  audit,
  surroundings,
  workspaces,
  sessions,
  terminals,
  resting,
}: Built): Coder {
  const hostOf = (id: WorkspaceId) => workspaces.list().find((one) => one.id === id)?.hostId;
  return createCoder({
    settings: createSettings(db),
    vault,
    audit,
    environment: childEnvironment(surroundings.environment),
    connections: resting,
    isInUse: (hostId) =>
      sessions
        .list()
        .some(
          ({ workspaceId, state }) =>
            (state === 'working' || state === 'blocked') && hostOf(workspaceId) === hostId,
        ) ||
      terminals.list().some(({ workspaceId, exit }) => exit === null && hostOf(workspaceId) === hostId),
  });
}

function createPersonDomains(built: Built): { preferences: Preferences; push: Push; tokens: Tokens } {
  const { audit, db, feed, log, vault, workspaces, sessions } = built;
  const settings = createSettings(db);
  const preferences = createPreferences(settings);
  const names = {
    workspace: (id: string) => workspaces.list().find((one) => one.id === id)?.name ?? 'Farhand',
    sessionTitle: (id: string) => sessions.list().find((one) => one.id === id)?.title ?? 'An agent',
  };
  const store = createPushStore(db);
  const tokens = createTokens({ db, audit });
  return { tokens, preferences, push: createPush({ store, settings, vault, feed, preferences, names, log }) };
}
