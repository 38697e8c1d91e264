import { join } from 'node:path';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import { givenServers } from '../agents/acp/given-servers.ts';
import { type Agents, createAgents } from '../agents/agents.ts';
import { isBackgroundJob } from '../agents/builtin/background/background-store.ts';
import { createAuditLayer } from '../audit/layer/audit-layer.ts';
import { type Checkpoints, createCheckpoints } from '../checkpoints/checkpoints.ts';
import { createDryRuns, type DryRuns } from '../dry-run/dry-runs.ts';
import { createForks, type Forks } from '../forks/forks.ts';
import { createMovedSessions } from '../forks/moves.ts';
import { createHostAgents, type HostAgents } from '../host-agents/host-agents.ts';
import { hostEnvironment } from '../hosts/host-environment.ts';
import { type Protect, protectBy } from '../protection/protect.ts';
import { isRunJob } from '../runs/run-store.ts';
import { createSecretFiles } from '../secrets/secret-files.ts';
import { createSessions, type Sessions } from '../sessions/sessions.ts';
import { createSubAgents } from '../sessions/sub-agents.ts';
import { createTerminals, type Terminals } from '../terminals/terminals.ts';
import { createWorkspaces, type Workspaces } from '../workspaces/workspaces.ts';
import type { DomainDeps, Foundation } from './foundation.ts';
import { createSandboxDomain, type SandboxDomain } from './sandbox.ts';

/** Workspaces and what happens in them: each of these knows the others. */
export interface Work {
  readonly workspaces: Workspaces;
  readonly sessions: Sessions;
  readonly terminals: Terminals;
  readonly hostAgents: HostAgents;
  readonly forks: Forks;
  readonly checkpoints: Checkpoints;
  readonly dryRuns: DryRuns;
  readonly sandboxes: SandboxDomain['sandboxes'];
  readonly sandboxChoices: SandboxDomain['sandboxChoices'];
}

export function createWork(deps: DomainDeps & Foundation, others: { readonly operations: Protect }): Work {
  const { db, feed, log, runtimes, projects, secrets, models, approvals, transcripts, hostTasks } = deps;
  const { paths } = deps.surroundings;
  const endWork = async (id: WorkspaceId) => {
    await Promise.all([sessions.deleteOfWorkspace(id), terminals.deleteOfWorkspace(id)]);
  };
  // Sessions stay, and with them what was said; terminals are of the host that is freed.
  const restWork = async (id: WorkspaceId) => {
    const working = sessions.list().filter(({ workspaceId }) => workspaceId === id);
    await Promise.all(working.map((session) => sessions.stop(session.id)));
    await terminals.deleteOfWorkspace(id);
  };
  const sandbox = createSandboxDomain(deps, { workspaces: () => workspaces, sessions: () => sessions });
  const { sandboxes, sandboxChoices } = sandbox;
  const workspaces = createWorkspaces({
    chooseSandbox: sandbox.chooseSandbox,
    lookFrom: sandboxes.lookFrom,
    // The last one is asked first: what is on record is what was asked for.
    protect: protectBy(
      hostEnvironment(deps.hostRecords),
      createSecretFiles({ secrets, audit: deps.audit }),
      sandboxes.layer,
      others.operations,
      createAuditLayer({
        audit: deps.audit,
        redactor: (id) => secrets.redactor(id),
        sandboxOf: (place, use) => use.profile ?? sandbox.profileOf(place, use),
      }),
    ),
    hostTasks,
    db,
    feed,
    runtimes,
    targetOf(host) {
      const target = deps.whichHost.target(host);
      deps.resting.wake(target.hostId);
      return target;
    },
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
    isJobShown: (id) =>
      terminals.list().some(({ jobId }) => jobId === id) || isBackgroundJob(db, id) || isRunJob(db, id),
  });
  const agents = createAgentsOf(deps, {
    workspaces,
    sessions: () => sessions,
    hostAgents: () => hostAgents,
    forks: () => forks,
  });
  const checkpoints = createCheckpoints({
    db,
    sessions: () => sessions,
    workspaces,
    transcripts,
    secrets,
    audit: deps.audit,
    log,
  });
  const dryRuns = createDryRuns({
    db,
    feed,
    sessions: () => sessions,
    workspaces,
    transcripts,
    secrets,
    audit: deps.audit,
    policy: deps.policy,
    controlsOf: (id) => sessions.controls().find((one) => one.id === id) ?? null,
    log,
  });
  const sessions = createSessions({
    dryRunOf: dryRuns.of,
    checkpoints: () => checkpoints.turns,
    isRewinding: checkpoints.isRewinding,
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
  const onOutput = deps.search.terminalOutput;
  const terminals = createTerminals({ db, feed, workspaces, secrets, hostTasks, onOutput });
  const hostAgents = createHostAgents({ db, feed, runtimes, workspaces, terminals });
  const forks = createForks({ feed, workspaces, sessions, transcripts, agents, log });
  return {
    workspaces,
    sessions,
    terminals,
    hostAgents,
    checkpoints,
    dryRuns,
    forks,
    sandboxes,
    sandboxChoices,
  };
}

interface AgentsDeps {
  readonly workspaces: Workspaces;
  readonly sessions: () => Sessions;
  readonly hostAgents: () => HostAgents;
  readonly forks: () => Forks;
}

function createAgentsOf(
  { db, feed, log, vault, models, transcripts, hostTasks }: DomainDeps & Foundation,
  { workspaces, sessions, hostAgents, forks }: AgentsDeps,
): Agents {
  const subAgents = createSubAgents({
    sessions,
    transcripts,
    feed,
    workspaces,
    fork: (id, name) => forks().forkedReady(id, name),
  });
  return createAgents({
    builtin: async () =>
      (await import('../agents/builtin/builtin-agent.ts')).createBuiltinAgent({ db, models, subAgents }),
    acp: async () =>
      (await import('../agents/acp/acp-agent.ts')).createAcpAgent({
        db,
        vault,
        hostTasks,
        log,
        hostAgents: hostAgents(),
        mcpServers: async ({ projectId }) => givenServers(db, projectId),
      }),
  });
}
