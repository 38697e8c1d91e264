import { askText } from '@farhand/shared/model/connection-text';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Status } from '@/ui/status-mark.tsx';
import { isUnread } from '../../client/seen-store.ts';

/** One thing that waits for a person. */
export interface Need {
  /** Unique, and the same as long as it waits. */
  readonly id: string;
  readonly workspaceId: WorkspaceId;
  readonly sessionId: SessionId | null;
  /** Set where a host's connection waits: one need, however many workspaces wait with it. */
  readonly hostId: HostId | null;
  readonly status: Status;
  /** What happened, in a few words. */
  readonly text: string;
  /** ISO time since when it waits. */
  readonly since: string;
}

interface Known {
  readonly hosts: Readonly<Record<string, Host>>;
  readonly workspaces: Readonly<Record<string, Workspace>>;
  readonly sessions: Readonly<Record<string, Session>>;
  readonly seen: Readonly<Record<string, number>>;
}

/**
 * All that waits for a person, oldest first: hosts that ask or refuse, workspaces that could not be made or are gone
 * from their host, sessions with a question, and turns that ended or failed and were not looked at yet.
 */
export function needsYou({ hosts, workspaces, sessions, seen }: Known): readonly Need[] {
  const ofHosts = Object.values(hosts).flatMap((host) =>
    hostNeed(
      host,
      Object.values(workspaces).filter(({ hostId }) => hostId === host.id),
    ),
  );
  const ofWorkspaces = Object.values(workspaces).flatMap(workspaceNeed);
  const ofSessions = Object.values(sessions)
    .filter((session) => workspaces[session.workspaceId]?.state === 'ready')
    .flatMap((session) => sessionNeed(session, isUnread(session, seen)));
  return [...ofHosts, ...ofWorkspaces, ...ofSessions].toSorted(
    (a, b) => a.since.localeCompare(b.since) || a.id.localeCompare(b.id),
  );
}

const REFUSALS: Readonly<Record<string, string>> = {
  'host.key_changed': 'has another key than before',
  'host.key_revoked': 'shows a key that was revoked',
};

function hostNeed({ id, connection }: Host, workspaces: readonly Workspace[]): readonly Need[] {
  const [first] = workspaces
    .filter(({ state }) => state !== 'archived')
    .toSorted((a, b) => Number(b.state === 'creating') - Number(a.state === 'creating'));
  if (!first) return [];
  const need = { id, workspaceId: first.id, sessionId: null, hostId: id };
  if (connection.state === 'asking') {
    const { question } = connection;
    return [{ ...need, status: 'blocked', text: askText(question), since: question.askedAt }];
  }
  // A workspace that could not be made for it says so itself.
  const waits = workspaces.find(({ state }) => state !== 'failed' && state !== 'archived');
  if (connection.state !== 'refused' || !waits) return [];
  const text = REFUSALS[connection.code] ?? 'refuses the connection';
  return [{ ...need, workspaceId: waits.id, status: 'failed', text, since: waits.createdAt }];
}

function workspaceNeed(workspace: Workspace): readonly Need[] {
  if (workspace.state !== 'failed' && workspace.state !== 'missing') return [];
  const failed = workspace.steps.find((step) => step.state === 'failed');
  const text = workspace.state === 'missing' ? 'Gone from its host' : 'Could not be made';
  const since = failed?.endedAt ?? workspace.createdAt;
  const { id } = workspace;
  return [{ id, workspaceId: id, sessionId: null, hostId: null, status: 'failed', text, since }];
}

const SESSION_TEXTS: Readonly<Partial<Record<Session['state'], string>>> = {
  blocked: 'Asks you',
  failed: 'Turn failed',
  done: 'Turn finished',
};

function sessionNeed(session: Session, isNews: boolean): readonly Need[] {
  const text = SESSION_TEXTS[session.state];
  if (!text || (!isNews && session.state !== 'blocked')) return [];
  const { id, workspaceId, state: status, updatedAt: since } = session;
  return [{ id, workspaceId, sessionId: id, hostId: null, status, text, since }];
}

/** What is on the screen: a workspace, and in it the session that keys go to. */
interface Place {
  readonly workspaceId: WorkspaceId | null;
  readonly sessionId: SessionId | null;
}

/** The need after or before the one on the screen, round and round; null when there is none. */
export function neighbourNeed(needs: readonly Need[], current: Place, step: 1 | -1): Need | null {
  if (needs.length === 0) return null;
  const shown = needs.findIndex((need) => need.sessionId !== null && need.sessionId === current.sessionId);
  const at = shown === -1 ? needs.findIndex((need) => need.workspaceId === current.workspaceId) : shown;
  if (at === -1) return needs.at(step === 1 ? 0 : -1) ?? null;
  return needs.at((at + step) % needs.length) ?? null;
}
