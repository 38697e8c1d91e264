import type { Host } from '@farhand/shared/model/hosts';
import type { Session } from '@farhand/shared/model/sessions';
import type { Terminal } from '@farhand/shared/model/terminals';
import type { Workspace } from '@farhand/shared/model/workspaces';
import type { Status } from '@/ui/status-mark.tsx';
import { isActivityUnread, isUnread } from '../../client/seen-store.ts';
import { terminalStatus } from '../panes/terminal-status.ts';

type Seen = Readonly<Record<string, number>>;

/** What one mark says of a session: a finished turn that was looked at is idle. */
export function sessionStatus(session: Session, seen: Seen): Status {
  return session.state === 'done' && !isUnread(session, seen) ? 'idle' : session.state;
}

/** What a mark stands for when several could: what needs a person goes before what goes on by itself. */
function weight(status: Status, isNews: boolean): number {
  if (status === 'blocked') return 6;
  if (status === 'failed') return isNews ? 5 : 1;
  if (status === 'contact_lost') return 4;
  if (status === 'done') return 3;
  return status === 'working' ? 2 : 0;
}

/** What the one mark of a workspace says: its own state first, then that of its sessions and its host. */
export function workspaceStatus(
  workspace: Workspace,
  sessions: readonly Session[],
  around: {
    readonly host: Host | undefined;
    readonly seen: Seen;
    /** In which agents may be at work. */
    readonly terminals?: readonly Terminal[];
  },
): Status {
  if (workspace.state === 'failed' || workspace.state === 'missing') return 'failed';
  if (workspace.state === 'archived') return 'idle';
  const connection = around.host?.connection;
  if (connection?.state === 'asking') return 'blocked';
  if (workspace.state === 'creating') return 'working';
  const isHostLost = connection?.state === 'retrying' || connection?.state === 'refused';
  const ranked = sessions.map((session) => {
    const shown = sessionStatus(session, around.seen);
    const status = isHostLost && shown === 'working' ? 'contact_lost' : shown;
    return { status, weight: weight(status, isUnread(session, around.seen)) };
  });
  const inTerminals = (around.terminals ?? []).flatMap((terminal) => {
    const status = terminalStatus(terminal, around.seen);
    return status ? [{ status, weight: weight(status, isActivityUnread(terminal, around.seen)) }] : [];
  });
  return [...ranked, ...inTerminals].reduce((best, next) => (next.weight > best.weight ? next : best), {
    status: 'idle' as Status,
    weight: 0,
  }).status;
}
