import { terminalId, type WorkspaceId } from '@farhand/shared/model/ids';
import type { Domains } from '../api/domains.ts';
import { createComparisons } from '../comparisons/comparisons.ts';
import { createDeletedWorkspaces } from '../host-tasks/deleted-workspaces.ts';
import { createHostJobs, type HostJobs } from '../host-tasks/host-jobs.ts';
import { createSweep } from '../host-tasks/sweep.ts';
import { createHosts, type Hosts } from '../hosts/hosts.ts';
import { createMcpServers } from '../mcp/mcp-servers.ts';
import { createPreferences, type Preferences } from '../preferences/preferences.ts';
import { createPush, type Push } from '../push/push.ts';
import { createPushStore } from '../push/push-store.ts';
import { createQueue } from '../queue/queue.ts';
import { createSpending } from '../spending/spending.ts';
import { createSettings } from '../store/settings.ts';
import { createFoundation, type DomainDeps, type Foundation } from './foundation.ts';
import { programsOf } from './programs.ts';
import { createWork, type Work } from './work.ts';

type Built = DomainDeps & Foundation & Work;

/** Everything that the API makes reachable, wired together; nothing of it runs before it is resumed. */
export function createDomains(deps: DomainDeps): Domains {
  const { db, feed, log, settings } = deps;
  const foundation = createFoundation(deps);
  const built: Built = { ...deps, ...foundation, ...createWork({ ...deps, ...foundation }) };
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
  const { hostAgents, terminals, models, approvals, forks } = built;
  return {
    ...createHostDomains(built),
    ...createPersonDomains(built),
    hostAgents,
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
    search,
  };
}

function createHostDomains(built: Built): { hosts: Hosts; hostJobs: HostJobs } {
  const { db, feed, log, runtimes, questions, settings, surroundings } = built;
  const { workspaces, sessions, terminals, hostTasks: tasks } = built;
  const { sshConfigPath } = surroundings;
  const hostsInUse = () => workspaces.list().map(({ hostId }) => hostId);
  const isKnown = (id: WorkspaceId) => workspaces.list().some((one) => one.id === id);
  const deleted = createDeletedWorkspaces(db);
  const sweep = createSweep({ runtimes, deleted, isKnown, arrivals: tasks.arrivals, log });
  const callsOf = (id: WorkspaceId) => sessions.callsOf(id);
  return {
    hosts: createHosts({ runtimes, feed, sshConfigPath, settings, questions, hostsInUse }),
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

function createPersonDomains(built: Built): { preferences: Preferences; push: Push } {
  const { db, feed, log, vault, workspaces, sessions } = built;
  const settings = createSettings(db);
  const preferences = createPreferences(settings);
  const names = {
    workspace: (id: string) => workspaces.list().find((one) => one.id === id)?.name ?? 'Farhand',
    sessionTitle: (id: string) => sessions.list().find((one) => one.id === id)?.title ?? 'An agent',
  };
  const store = createPushStore(db);
  return { preferences, push: createPush({ store, settings, vault, feed, preferences, names, log }) };
}
