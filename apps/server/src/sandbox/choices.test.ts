import { FarhandError } from '@farhand/shared/errors/farhand-error';
import { newId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordedAudit } from '../audit/testing/recorded-audit.ts';
import { createSandboxChoices, readDefaultProfile, type SandboxChoices } from './choices.ts';

const ADA = { kind: 'page', name: null } as const;

describe('the choice of a sandbox', () => {
  const values = new Map<string, string>();
  const settings = {
    get: (name: string) => values.get(name) ?? null,
    set: (name: string, value: string | null) =>
      void (value === null ? values.delete(name) : values.set(name, value)),
    all: () => ({}),
  };
  let audit: ReturnType<typeof recordedAudit>;
  let choices: SandboxChoices;
  let workspace: Workspace;
  let session: Session;

  beforeEach(() => {
    values.clear();
    audit = recordedAudit();
    workspace = { id: newId('workspace'), name: 'shop', hostId: 'local', sandbox: 'workspace' } as Workspace;
    session = { id: newId('session'), workspaceId: workspace.id, state: 'idle', sandbox: null } as Session;
    choices = createSandboxChoices({
      settings,
      audit,
      sandboxes: {
        profile(name) {
          if (!['workspace', 'offline', 'none'].includes(name))
            throw new FarhandError('sandbox.profile_not_found');
          return { name } as ReturnType<Parameters<typeof createSandboxChoices>[0]['sandboxes']['profile']>;
        },
      },
      workspaces: {
        get: () => workspace,
        setSandbox: (_id, sandbox) => (workspace = { ...workspace, sandbox }),
      },
      sessions: {
        get: () => session,
        setSandbox: async (_id, sandbox) => (session = { ...session, sandbox }),
      },
    });
  });

  it('is “none” for new workspaces as shipped, and what was chosen from then on', () => {
    expect(readDefaultProfile(settings)).toBe('none');
    choices.setDefault('workspace', ADA);
    expect(choices.defaultProfile()).toBe('workspace');
    expect(audit.entries).toMatchObject([
      { kind: 'setting', actor: ADA, facts: { sandbox: 'workspace', before: 'none' } },
    ]);
  });

  it('puts an override of a session on record, with who and for which', async () => {
    await choices.setSession(session.id, 'none', ADA);
    expect(session.sandbox).toBe('none');
    expect(audit.entries).toMatchObject([
      {
        kind: 'override',
        actor: ADA,
        hostId: 'local',
        workspaceId: workspace.id,
        sessionId: session.id,
        summary: 'The session runs in the sandbox “none” instead of “workspace”.',
      },
    ]);
    await choices.setSession(session.id, null, ADA);
    expect(session.sandbox).toBeNull();
    expect(audit.entries).toHaveLength(2);
  });

  it('records taking a workspace out of the sandbox as an override, another profile as a setting', () => {
    choices.setWorkspace(workspace.id, 'offline', ADA);
    choices.setWorkspace(workspace.id, 'none', ADA);
    expect(audit.entries.map(({ kind }) => kind)).toEqual(['setting', 'override']);
    expect(workspace.sandbox).toBe('none');
  });

  it('changes nothing that cannot be put on record', async () => {
    audit.record = () => {
      throw new FarhandError('audit.unwritable');
    };
    expect(() => choices.setDefault('workspace', ADA)).toThrow(FarhandError);
    expect(() => choices.setWorkspace(workspace.id, 'none', ADA)).toThrow(FarhandError);
    await expect(choices.setSession(session.id, 'none', ADA)).rejects.toThrow(FarhandError);
    expect([choices.defaultProfile(), workspace.sandbox, session.sandbox]).toEqual([
      'none',
      'workspace',
      null,
    ]);
  });

  it('refuses a profile that there is not, and a session at work', async () => {
    expect(() => choices.setDefault('x', ADA)).toThrow(FarhandError);
    expect(() => choices.setWorkspace(workspace.id, 'x', ADA)).toThrow(FarhandError);
    session = { ...session, state: 'working' };
    await expect(choices.setSession(session.id, 'none', ADA)).rejects.toMatchObject({ code: 'session.busy' });
    expect(audit.entries).toEqual([]);
  });
});
