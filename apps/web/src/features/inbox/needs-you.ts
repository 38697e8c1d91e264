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
  readonly status: Status;
  /** What happened, in a few words. */
  readonly text: string;
  /** ISO time since when it waits. */
  readonly since: string;
}

interface Known {
  readonly workspaces: Readonly<Record<string, Workspace>>;
  readonly sessions: Readonly<Record<string, Session>>;
  readonly seen: Readonly<Record<string, number>>;
}

/**
 * All that waits for a person, oldest first: workspaces that could not be made or are gone from their host, sessions
 * with a question, and turns that ended or failed and were not looked at yet.
 */
export function needsYou({ workspaces, sessions, seen }: Known): readonly Need[] {
  const ofWorkspaces = Object.values(workspaces).flatMap(workspaceNeed);
  const ofSessions = Object.values(sessions)
    .filter((session) => workspaces[session.workspaceId]?.state === 'ready')
    .flatMap((session) => sessionNeed(session, isUnread(session, seen)));
  return [...ofWorkspaces, ...ofSessions].toSorted(
    (a, b) => a.since.localeCompare(b.since) || a.id.localeCompare(b.id),
  );
}

function workspaceNeed(workspace: Workspace): readonly Need[] {
  if (workspace.state !== 'failed' && workspace.state !== 'missing') return [];
  const failed = workspace.steps.find((step) => step.state === 'failed');
  const text = workspace.state === 'missing' ? 'Gone from its host' : 'Could not be made';
  const since = failed?.endedAt ?? workspace.createdAt;
  return [{ id: workspace.id, workspaceId: workspace.id, sessionId: null, status: 'failed', text, since }];
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
  return [{ id, workspaceId, sessionId: id, status, text, since }];
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
