import type { HostId } from '@farhand/shared/model/hosts';
import type { QueuedMessage, QueueReason } from '@farhand/shared/model/queue';
import type { Session, SessionState } from '@farhand/shared/model/sessions';
import type { Workspace } from '@farhand/shared/model/workspaces';

/** What stands in the way of a message, and until when where that is known (ISO time). */
export interface Obstacle {
  readonly reason: QueueReason;
  readonly until: string | null;
}

/** What is known of the place that a message is for. */
export interface Place {
  readonly session: Pick<Session, 'state' | 'model'>;
  readonly workspace: Pick<Workspace, 'state' | 'hostId'>;
  readonly nowMs: number;
  /** Turns under way on the host, and how many there may be. */
  readonly working: number;
  readonly limit: number | null;
  /** When the session's provider takes requests again, in ms; null for now. */
  readonly pausedUntilMs: number | null;
}

const OPEN: readonly SessionState[] = ['working', 'blocked', 'contact_lost'];

/** True while a turn goes on, also where a person is asked or contact is lost. */
export const isTurnOpen = (state: SessionState): boolean => OPEN.includes(state);

/** The first thing in a message's way, or null where it can be sent. One that was held waits for its person. */
export function obstacleOf(
  message: Pick<QueuedMessage, 'notBefore' | 'reason'>,
  { session, workspace, nowMs, working, limit, pausedUntilMs }: Place,
): Obstacle | null {
  if (message.reason === 'person') return { reason: 'person', until: null };
  if (isTurnOpen(session.state)) return { reason: 'turn', until: null };
  if (message.notBefore !== null && Date.parse(message.notBefore) > nowMs)
    return { reason: 'time', until: message.notBefore };
  if (workspace.state === 'creating' || workspace.state === 'archiving')
    return { reason: 'host', until: null };
  if (pausedUntilMs !== null && pausedUntilMs > nowMs)
    return { reason: 'rate_limit', until: new Date(pausedUntilMs).toISOString() };
  if (limit !== null && working >= limit) return { reason: 'slot', until: null };
  return null;
}

/** How many turns are under way on each host. */
export function turnsByHost(
  sessions: readonly Pick<Session, 'state' | 'workspaceId' | 'parent'>[],
  hostOf: (workspaceId: Session['workspaceId']) => HostId | null,
): ReadonlyMap<HostId, number> {
  const counts = new Map<HostId, number>();
  for (const { state, workspaceId, parent } of sessions) {
    // A sub-agent works in its parent's place.
    if (!isTurnOpen(state) || parent?.kind === 'subagent') continue;
    const host = hostOf(workspaceId);
    if (host !== null) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return counts;
}
