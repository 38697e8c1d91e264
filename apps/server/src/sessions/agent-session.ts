import { isDeepStrictEqual } from 'node:util';
import type { AgentId } from '@farhand/shared/model/agents';
import type { SessionId } from '@farhand/shared/model/ids';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import type { AgentPlace, AgentSession } from '../agents/agent.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { SessionDryRun } from '../dry-run/session-dry-run.ts';
import type { HostTasks } from '../host-tasks/host-tasks.ts';
import type { JobUse } from '../protection/job-use.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Spending } from '../spending/spending.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { Transcripts } from '../transcripts/transcripts.ts';
import type { ReadyWorkspace, Workspaces } from '../workspaces/workspaces.ts';
import type { SessionControls } from './session-controls.ts';
import type { SessionRecords } from './session-records.ts';
import type { SessionStates } from './session-states.ts';

/** A person who pressed stop does not wait longer than this for a host that does not answer. */
const STOP_WITHIN_MS = 10_000;
/** Until a page that shows it says how large it is. */
const FIRST_SIZE = { rows: 24, cols: 80 };

/** What a session's agent needs of the rest of the server. */
export interface AgentSessionDeps {
  readonly records: SessionRecords;
  readonly states: SessionStates;
  readonly controls: SessionControls;
  readonly transcripts: Transcripts;
  readonly approvals: Approvals;
  readonly workspaces: Pick<Workspaces, 'get' | 'ready' | 'refreshChanges'>;
  readonly terminals: () => Pick<Terminals, 'open'>;
  readonly secrets: Pick<Secrets, 'environment' | 'redactor'>;
  readonly hostTasks: HostTasks;
  readonly spending: Pick<Spending, 'used' | 'costGrew' | 'ensureBudget'>;
  /** Absent where there are no dry runs. */
  readonly dryRunOf?: ((id: SessionId) => SessionDryRun) | undefined;
}

/** The session as its adapter sees it. Throws `session.not_found`, `workspace.not_ready`. */
export function agentSession(deps: AgentSessionDeps, id: SessionId): AgentSession {
  const { records, states, controls, transcripts, approvals, workspaces, secrets } = deps;
  const { workspaceId, agent } = records.get(id);
  const { projectId, hostId } = workspaces.get(workspaceId);
  return {
    sessionId: id,
    agent,
    place: agentPlace(deps, workspaces.ready(workspaceId, useOf(id, agent)), id),
    secrets: {
      environment: () => secrets.environment({ projectId, hostId }, 'agent'),
      redactor: () => secrets.redactor(projectId),
    },
    transcript: transcripts.writer(id),
    readItems: () => transcripts.items(id),
    approvals: {
      ask(request, signal) {
        const workspace = workspaces.get(records.get(id).workspaceId);
        return approvals.ask(
          { session: { id, agent }, workspace, transcript: transcripts.writer(id) },
          request,
          signal,
        );
      },
    },
    asides: {
      since: (ms) => approvals.asides(id, new Date(ms).toISOString()),
      watch: (listener) => approvals.watchOpen((sessionId) => sessionId === id && listener()),
    },
    dryRun: deps.dryRunOf?.(id),
    controls: { get: () => controls.get(id), set: (value) => controls.set(value) },
    reports: {
      contactLost: (isLost) => states.setLost(id, isLost),
      filesChanged: () => workspaces.refreshChanges(workspaceId),
      session({ costUsd, ...change }) {
        const before = records.get(id);
        const isGrown = typeof costUsd === 'number' && deps.spending.costGrew(id, costUsd);
        // Agents repeat themselves with every answer; what says nothing at all only marks the session as changed.
        const saysSomething = costUsd !== undefined || Object.keys(change).length > 0;
        if (!isGrown && saysSomething && isDeepStrictEqual({ ...before, ...change }, before)) return;
        records.update(id, change);
      },
    },
  };
}

/** What an agent starts is for its session. */
export function useOf(sessionId: SessionId | null, agent: AgentId): JobUse {
  return { kind: 'agent', sessionId, by: { kind: 'agent', name: agent } };
}

/** The place alone, for what is asked of an agent before there is a session. */
export function agentPlace(
  deps: Pick<AgentSessionDeps, 'terminals' | 'hostTasks' | 'records' | 'workspaces'>,
  { workspace, directory, runtime }: ReadyWorkspace,
  sessionId: SessionId | null,
): AgentPlace {
  const { id: workspaceId, hostId, projectId } = workspace;
  return {
    workspaceId,
    projectId,
    hostId,
    directory,
    runtime,
    sandbox: () =>
      (sessionId === null ? null : deps.records.get(sessionId).sandbox) ??
      deps.workspaces.get(workspaceId).sandbox ??
      NO_SANDBOX,
    stopJob: (jobId) =>
      deps.hostTasks.do(
        { kind: 'stop_job', hostId, workspaceId, jobId, sessionId },
        { withinMs: STOP_WITHIN_MS },
      ),
    openTerminal: (title, command) =>
      deps.terminals().open(workspaceId, { ...FIRST_SIZE, sessionId }, { title, command, agent: null }),
  };
}
