import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Entities } from '../../client/entities.ts';
import { isActivityUnread, isUnread } from '../../client/seen-store.ts';
import { MOST_PANES } from './boards.ts';
import { isShownBy } from './live-panes.ts';
import { type Pane, paneId } from './pane.ts';

type Known = Pick<Entities, 'sessions' | 'terminals' | 'workspaces'> & {
  readonly seen: Readonly<Record<string, number>>;
};

/** The panes of every agent that works or needs the person, oldest first. */
export function busyPanes(known: Known): readonly Pane[] {
  const { sessions, terminals, workspaces, seen } = known;
  const isReady = ({ workspaceId }: Session | Terminal) => workspaces[workspaceId]?.state === 'ready';
  const agents = Object.values(sessions).filter(
    (session) => isReady(session) && session.parent?.kind !== 'subagent' && isBusy(session, seen),
  );
  const inTerminals = Object.values(terminals).filter(
    (terminal) => isReady(terminal) && isBusyTerminal(terminal, seen),
  );
  return [...agents, ...inTerminals]
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id))
    .map(
      (one): Pane =>
        'agent' in one && 'lastSeq' in one
          ? { kind: 'agent', workspaceId: one.workspaceId, sessionId: one.id }
          : { kind: 'terminal', workspaceId: one.workspaceId, terminalId: (one as Terminal).id },
    );
}

function isBusy(session: Session, seen: Known['seen']): boolean {
  if (session.state === 'done' || session.state === 'failed') return isUnread(session, seen);
  return session.state !== 'idle';
}

function isBusyTerminal(terminal: Terminal, seen: Known['seen']): boolean {
  const { activity, exit } = terminal;
  if (!activity || exit || activity.state === 'idle') return false;
  return activity.state === 'working' || isActivityUnread(terminal, seen);
}

// Where there is no room for all, what has ended makes room for what works or waits.
function fitting(panes: readonly Pane[], known: Known): readonly Pane[] {
  if (panes.length <= MOST_PANES) return panes;
  const byUrgency = panes.toSorted((a, b) => urgency(b, known) - urgency(a, known));
  const fit = new Set(byUrgency.slice(0, MOST_PANES));
  return panes.filter((pane) => fit.has(pane));
}

function urgency(pane: Pane, { sessions, terminals, seen }: Known): number {
  if (pane.kind === 'agent') {
    const session = sessions[pane.sessionId];
    if (!session || !isBusy(session, seen)) return 0;
    return session.state === 'done' || session.state === 'failed' ? 1 : 2;
  }
  const terminal = pane.kind === 'terminal' ? terminals[pane.terminalId] : undefined;
  if (!terminal || !isBusyTerminal(terminal, seen)) return 0;
  return terminal.activity?.state === 'done' || terminal.activity?.state === 'failed' ? 1 : 2;
}

/**
 * What the board of all agents shows after `shown`: those stay where they are until a person closes them, for a turn
 * that ends while it is read should not vanish; new ones come at the end.
 */
export function nextShown(
  shown: readonly Pane[],
  closed: ReadonlySet<string>,
  known: Known,
): readonly Pane[] {
  const kept = shown.filter((pane) => isShownBy(known, pane) && !closed.has(paneId(pane)));
  const ids = new Set(kept.map(paneId));
  const news = busyPanes(known).filter((pane) => !ids.has(paneId(pane)) && !closed.has(paneId(pane)));
  const next = fitting([...kept, ...news], known);
  return next.length === shown.length && next.every((pane, at) => pane === shown[at]) ? shown : next;
}
