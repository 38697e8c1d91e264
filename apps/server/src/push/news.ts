import { actorText } from '@farhand/shared/model/actor-text';
import type { Approval } from '@farhand/shared/model/approvals';
import type { Session, SessionState } from '@farhand/shared/model/sessions';
import type { Terminal, TerminalActivity } from '@farhand/shared/model/terminals';
import { z } from 'zod';
import type { StateChange } from '../feed/state-feed.ts';

/** What a browser is told while no page is open. `tag` is the same for all news of one session: the newest replaces. */
export interface News {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  /** Null for a question that is about no workspace. */
  readonly workspaceId: string | null;
  /** Null for an agent in a terminal, and where no session asks. */
  readonly sessionId: string | null;
  /** Set for a question that no session asks. */
  readonly approvalId?: string;
}

/** The preference `notifications`, as far as the server reads it. */
const notifications = z.object({ mutedWorkspaces: z.array(z.string()).catch([]) });

/** The workspaces that a person does not want to hear of. */
export function mutedWorkspaces(preference: string | null): ReadonlySet<string> {
  try {
    return new Set(notifications.parse(JSON.parse(preference ?? '{}')).mutedWorkspaces);
  } catch {
    return new Set();
  }
}

const ENDS: Readonly<Partial<Record<SessionState, string>>> = { done: 'has finished', failed: 'has failed' };

/** What an agent in a terminal is seen to do, where it is worth a look. */
const SEEN: Readonly<Partial<Record<TerminalActivity['state'], string>>> = {
  blocked: 'needs you',
  done: 'has finished',
  failed: 'has failed',
};

/** Follows the changes of sessions, approvals and terminals, and says which of them a person wants to hear of. */
export function createNewsReader(names: {
  readonly workspace: (id: string) => string;
  readonly sessionTitle: (id: string) => string;
}): (change: StateChange) => News | null {
  const states = new Map<string, SessionState>();
  const ofSession = ({ id, state, title, workspaceId, parent }: Session): News | null => {
    const before = states.get(id);
    states.set(id, state);
    const text = ENDS[state];
    if (before === undefined || before === state || !text || parent?.kind === 'subagent') return null;
    return {
      title: names.workspace(workspaceId),
      body: `${title} ${text}.`,
      tag: id,
      workspaceId,
      sessionId: id,
    };
  };
  const activities = new Map<string, TerminalActivity['state']>();
  const ofTerminal = ({ id, title, workspaceId, activity }: Terminal): News | null => {
    const before = activities.get(id);
    if (activity === null) activities.delete(id);
    else activities.set(id, activity.state);
    const text = activity && SEEN[activity.state];
    // Not what was so when the server began to look.
    if (!activity || !text || before === undefined || before === activity.state) return null;
    const words = activity.text === null ? '.' : `: ${activity.text}`;
    const body = `${title} ${activity.isGuess ? 'seems to say that it ' : ''}${text}${words}`;
    return { title: names.workspace(workspaceId), body, tag: id, workspaceId, sessionId: null };
  };
  const ofApproval = ({ id, sessionId, workspaceId, hostId, title: what, by }: Approval): News => {
    const title = workspaceId === null ? hostId : names.workspace(workspaceId);
    if (sessionId !== null)
      return {
        title,
        body: `${names.sessionTitle(sessionId)} asks: ${what}`,
        tag: sessionId,
        workspaceId,
        sessionId,
      };
    return { title, body: `${actorText(by)} asks: ${what}`, tag: id, workspaceId, sessionId, approvalId: id };
  };
  return (change) => {
    if (change.type === 'removed') {
      activities.delete(change.id);
      states.delete(change.id);
      return null;
    }
    const { entity } = change;
    if (entity.kind === 'session') return ofSession(entity.value);
    if (entity.kind === 'terminal') return ofTerminal(entity.value);
    if (entity.kind !== 'approval' || entity.value.decision !== null) return null;
    return ofApproval(entity.value);
  };
}
