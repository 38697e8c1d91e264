import type { Approval } from '@farhand/shared/model/approvals';
import { askText } from '@farhand/shared/model/connection-text';
import type { Host, HostId } from '@farhand/shared/model/hosts';
import type { ApprovalId, SessionId, TerminalId, WorkspaceId } from '@farhand/shared/model/ids';
import type { QueuedMessage } from '@farhand/shared/model/queue';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Status } from '@/ui/status-mark.tsx';
import { isActivityUnread, isUnread } from '../../client/seen-store.ts';
import { rootSession } from './root-session.ts';

/** One thing that waits for a person. */
export interface Need {
  /** Unique, and the same as long as it waits. */
  readonly id: string;
  /** Null for a question that is about no workspace. */
  readonly workspaceId: WorkspaceId | null;
  readonly sessionId: SessionId | null;
  /** Set where an agent in a terminal waits. */
  readonly terminalId: TerminalId | null;
  /** Set where a host's connection waits: one need, however many workspaces wait with it; and for a question about it. */
  readonly hostId: HostId | null;
  /** Set for a question that can be answered in place. */
  readonly approvalId: ApprovalId | null;
  readonly status: Status;
  /** What happened, in a few words. */
  readonly text: string;
  /** ISO time since when it waits. */
  readonly since: string;
}

type ById<Value> = Readonly<Record<string, Value>>;

/** What the page knows, as far as it can need a person. */
export interface Known {
  readonly hosts: ById<Host>;
  readonly workspaces: ById<Workspace>;
  readonly sessions: ById<Session>;
  readonly terminals: ById<Terminal>;
  readonly approvals: ById<Approval>;
  readonly queuedMessages: ById<QueuedMessage>;
  readonly seen: Readonly<Record<string, number>>;
}

/**
 * All that waits for a person, oldest first: hosts that ask or refuse, workspaces that could not be made or are gone
 * from their host, questions of agents, turns that ended or failed and were not looked at yet, terminals whose agent
 * waits or ended, and messages that were held back.
 */
export function needsYou(known: Known): readonly Need[] {
  const { hosts, workspaces, seen } = known;
  const ofHosts = Object.values(hosts).flatMap((host) =>
    hostNeed(
      host,
      Object.values(workspaces).filter(({ hostId }) => hostId === host.id),
    ),
  );
  const ofWorkspaces = Object.values(workspaces).flatMap(workspaceNeed);
  const isReady = ({ workspaceId }: { workspaceId: WorkspaceId }) =>
    workspaces[workspaceId]?.state === 'ready';
  const approvals = Object.values(known.approvals).filter(
    ({ decision, workspaceId }) => decision === null && (workspaceId === null || isReady({ workspaceId })),
  );
  const asking = new Set(
    approvals.flatMap(({ sessionId }) =>
      sessionId === null ? [] : [sessionId, rootSession(known.sessions, sessionId)],
    ),
  );
  const ofSessions = Object.values(known.sessions)
    .filter((session) => isReady(session) && session.parent?.kind !== 'subagent')
    .filter((session) => session.state !== 'blocked' || !asking.has(session.id))
    .flatMap((session) => sessionNeed(session, isUnread(session, seen)));
  const ofTerminals = Object.values(known.terminals)
    .filter((terminal) => isReady(terminal) && isActivityUnread(terminal, seen))
    .flatMap(terminalNeed);
  const ofMessages = Object.values(known.queuedMessages).flatMap((message) =>
    messageNeed(message, known.sessions[message.sessionId]),
  );
  const ofApprovals = approvals.map((approval) => approvalNeed(approval, known.sessions));
  return [...ofHosts, ...ofWorkspaces, ...ofApprovals, ...ofSessions, ...ofTerminals, ...ofMessages].toSorted(
    (a, b) => a.since.localeCompare(b.since) || a.id.localeCompare(b.id),
  );
}

const NOTHING = { sessionId: null, terminalId: null, hostId: null, approvalId: null };

const CHOSEN: ReadonlySet<string> = new Set(['host.disabled', 'host.deleted', 'host.stopped']);
const REFUSALS: Readonly<Record<string, string>> = {
  'host.key_changed': 'has another key than before',
  'host.key_revoked': 'shows a key that was revoked',
  'host.record_invalid': 'has a record that cannot be used',
};

function hostNeed({ id, connection }: Host, workspaces: readonly Workspace[]): readonly Need[] {
  const [first] = workspaces
    .filter(({ state }) => state !== 'archived')
    .toSorted((a, b) => Number(b.state === 'creating') - Number(a.state === 'creating'));
  if (!first) return [];
  const need = { ...NOTHING, id, workspaceId: first.id, hostId: id };
  if (connection.state === 'asking') {
    const { question } = connection;
    return [{ ...need, status: 'blocked', text: askText(question), since: question.askedAt }];
  }
  // A workspace that could not be made for it says so itself.
  const waits = workspaces.find(({ state }) => state !== 'failed' && state !== 'archived');
  // What a person turned off, stopped or removed wants nothing of them.
  if (connection.state !== 'refused' || !waits || CHOSEN.has(connection.code)) return [];
  const text = REFUSALS[connection.code] ?? 'refuses the connection';
  return [{ ...need, workspaceId: waits.id, status: 'failed', text, since: waits.createdAt }];
}

function workspaceNeed(workspace: Workspace): readonly Need[] {
  if (workspace.state !== 'failed' && workspace.state !== 'missing') return [];
  const failed = workspace.steps.find((step) => step.state === 'failed');
  const text = workspace.state === 'missing' ? 'Gone from its host' : 'Could not be made';
  const since = failed?.endedAt ?? workspace.createdAt;
  const { id } = workspace;
  return [{ ...NOTHING, id, workspaceId: id, status: 'failed', text, since }];
}

function approvalNeed(approval: Approval, sessions: Known['sessions']): Need {
  const { id, workspaceId, title: text, askedAt: since } = approval;
  // A sub-agent's question is answered where the work was asked for.
  const sessionId = approval.sessionId && rootSession(sessions, approval.sessionId);
  const hostId = workspaceId === null ? approval.hostId : null;
  return { ...NOTHING, id, workspaceId, sessionId, hostId, approvalId: id, status: 'blocked', text, since };
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
  return [{ ...NOTHING, id, workspaceId, sessionId: id, status, text, since }];
}

const TERMINAL_TEXTS: Readonly<Partial<Record<NonNullable<Terminal['activity']>['state'], string>>> = {
  blocked: 'Waits for you in a terminal',
  failed: 'Failed in a terminal',
  done: 'Finished in a terminal',
};
const GUESSED_TEXTS: typeof TERMINAL_TEXTS = {
  blocked: 'Seems to wait for you in a terminal',
  failed: 'Seems to have failed in a terminal',
  done: 'Seems to have finished in a terminal',
};

function terminalNeed({ id, workspaceId, activity, exit }: Terminal): readonly Need[] {
  const text = activity && (activity.isGuess ? GUESSED_TEXTS : TERMINAL_TEXTS)[activity.state];
  if (!activity || !text || exit) return [];
  const said = activity.text ? `${text}: ${activity.text}` : text;
  const status = activity.state;
  return [{ ...NOTHING, id, workspaceId, terminalId: id, status, text: said, since: activity.at }];
}

function messageNeed(message: QueuedMessage, session: Session | undefined): readonly Need[] {
  if (message.reason !== 'person' || !session) return [];
  const { id, sessionId, problem, createdAt: since } = message;
  const text = problem ? `Message held back: ${problem}` : 'Message held back';
  return [{ ...NOTHING, id, workspaceId: session.workspaceId, sessionId, status: 'failed', text, since }];
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
