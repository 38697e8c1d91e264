import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import { SessionRecord } from '../agents/acp/connection/session-record.ts';
import { operationFolder } from '../operations/host/operation-folder.ts';
import { createSandboxChoices, readDefaultProfile, type SandboxChoices } from '../sandbox/choices.ts';
import { createSandboxes, type Sandboxes, type SandboxesDeps } from '../sandbox/sandboxes.ts';
import { secretFolders } from '../secrets/secret-folder.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { createSettings } from '../store/settings.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { DomainDeps, Foundation } from './foundation.ts';

interface Others {
  readonly workspaces: () => Workspaces;
  readonly sessions: () => Sessions;
}

export interface SandboxDomain {
  readonly sandboxes: Sandboxes;
  readonly sandboxChoices: SandboxChoices;
  /** Of a new workspace. Throws `sandbox.profile_not_found`, `sandbox.profile_invalid`. */
  readonly chooseSandbox: (wanted: string | undefined) => string;
  /** The name of the profile that counts now. */
  readonly profileOf: SandboxesDeps['profileOf'];
}

/** A person who changes the sandbox does not wait longer than this for a host that does not answer. */
const END_WITHIN_MS = 10_000;

/** The sandbox of jobs, with what says which profile counts. */
export function createSandboxDomain(
  { audit, configFile, db, runtimes, hostTasks }: DomainDeps & Foundation,
  others: Others,
): SandboxDomain {
  const settings = createSettings(db);
  const profileOf: SandboxesDeps['profileOf'] = ({ workspaceId }, { sessionId }) => {
    const override = sessionId === null ? null : sandboxOfSession(others.sessions(), sessionId);
    if (override !== null) return override;
    return workspaceId === null ? NO_SANDBOX : sandboxOf(others.workspaces(), workspaceId);
  };
  const sandboxes = createSandboxes({
    config: configFile,
    runtimes,
    secretFolders,
    operationFolder,
    profileOf,
    hasSandboxed: (id) =>
      others
        .sessions()
        .list()
        .some(
          ({ workspaceId, sandbox = null }) => workspaceId === id && (sandbox ?? NO_SANDBOX) !== NO_SANDBOX,
        ),
  });
  // The agent's program runs as it was started: the next message starts it anew.
  const endProgram = async (id: SessionId) => {
    const { job } = SessionRecord.alone(db, id).state;
    if (job === null) return;
    const { hostId, workspaceId } = job;
    const task = { kind: 'stop_job', hostId, workspaceId, jobId: job.id, sessionId: null } as const;
    await hostTasks.do(task, { withinMs: END_WITHIN_MS });
  };
  const sandboxChoices = createSandboxChoices({
    settings,
    sandboxes,
    audit,
    workspaces: {
      get: (id) => others.workspaces().get(id),
      setSandbox: (id, profile) => others.workspaces().setSandbox(id, profile),
    },
    sessions: {
      get: (id) => others.sessions().get(id),
      async setSandbox(id, profile) {
        const session = others.sessions().setSandbox(id, profile);
        await endProgram(id);
        return session;
      },
    },
  });
  return {
    sandboxes,
    sandboxChoices,
    profileOf,
    chooseSandbox: (wanted) => sandboxes.profile(wanted ?? readDefaultProfile(settings)).name,
  };
}

function sandboxOf(workspaces: Workspaces, id: WorkspaceId): string {
  return workspaces.get(id).sandbox ?? NO_SANDBOX;
}

// A session that is gone has no exception any more.
function sandboxOfSession(sessions: Sessions, id: SessionId): string | null {
  return sessions.list().find((one) => one.id === id)?.sandbox ?? null;
}
