/** Which profile counts: for new workspaces, for a workspace, for one session. */
import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { Actor } from '@farhand/shared/model/audit';
import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { AuditEntry, AuditLog } from '../audit/audit.ts';
import type { Settings } from '../store/settings.ts';
import type { Sandboxes } from './sandboxes.ts';

export interface SandboxChoices {
  defaultProfile(): string;
  /** Throws `sandbox.profile_not_found`, `sandbox.profile_invalid`, `audit.unwritable`. */
  setDefault(profile: string, by: Actor): void;
  /** For jobs that start from then on. Throws as `setDefault`, and `workspace.not_found`. */
  setWorkspace(id: WorkspaceId, profile: string, by: Actor): Workspace;
  /** Null ends the exception. Throws as `setDefault`, and `session.not_found`, `session.busy`. */
  setSession(id: SessionId, profile: string | null, by: Actor): Promise<Session>;
}

export interface SandboxChoicesDeps {
  readonly settings: Settings;
  readonly sandboxes: Pick<Sandboxes, 'profile'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly workspaces: {
    get(id: WorkspaceId): Workspace;
    setSandbox(id: WorkspaceId, profile: string): Workspace;
  };
  readonly sessions: {
    get(id: SessionId): Session;
    /** What its agent holds on the host is ended, so that the next message starts it anew. */
    setSandbox(id: SessionId, profile: string | null): Promise<Session>;
  };
}

const SETTING = 'sandbox.default_profile';

/** As shipped no sandbox: logins and tool chains of agents live in home folders. */
export function readDefaultProfile(settings: Pick<Settings, 'get'>): string {
  return settings.get(SETTING) ?? NO_SANDBOX;
}

export function createSandboxChoices(deps: SandboxChoicesDeps): SandboxChoices {
  const { settings, sandboxes, audit, workspaces, sessions } = deps;
  const record = (entry: Pick<AuditEntry, 'kind' | 'actor' | 'summary' | 'facts'> & Partial<AuditEntry>) =>
    audit.record({ hostId: null, workspaceId: null, sessionId: null, output: null, ...entry });
  return {
    defaultProfile: () => readDefaultProfile(settings),
    setDefault(profile, by) {
      sandboxes.profile(profile);
      const before = readDefaultProfile(settings);
      if (before === profile) return;
      record({
        kind: 'setting',
        actor: by,
        summary: `New workspaces get the sandbox “${profile}”, before “${before}”.`,
        facts: { sandbox: profile, before },
      });
      settings.set(SETTING, profile);
    },
    setWorkspace(id, profile, by) {
      const { sandbox: before = NO_SANDBOX, hostId, name } = workspaces.get(id);
      sandboxes.profile(profile);
      if (before === profile) return workspaces.get(id);
      record({
        kind: profile === NO_SANDBOX ? 'override' : 'setting',
        actor: by,
        hostId,
        workspaceId: id,
        summary: `The workspace “${name}” has the sandbox “${profile}”, before “${before}”.`,
        facts: { sandbox: profile, before },
      });
      return workspaces.setSandbox(id, profile);
    },
    async setSession(id, profile, by) {
      const session = sessions.get(id);
      if (profile !== null) sandboxes.profile(profile);
      const before = session.sandbox ?? null;
      if (before === profile) return session;
      if (session.state === 'working' || session.state === 'blocked')
        throw new FarhandError('session.busy', { details: { sessionId: id } });
      const { hostId, sandbox = NO_SANDBOX } = workspaces.get(session.workspaceId);
      record({
        kind: 'override',
        actor: by,
        hostId,
        workspaceId: session.workspaceId,
        sessionId: id,
        summary:
          profile === null
            ? `The session runs in the sandbox of its workspace again, “${sandbox}”.`
            : `The session runs in the sandbox “${profile}” instead of “${sandbox}”.`,
        facts: { sandbox: profile, before, workspace: sandbox },
      });
      return await sessions.setSandbox(id, profile);
    },
  };
}
