import type { WorkspaceId } from '@farhand/shared/model/ids';
import { Bot, SquareTerminal } from 'lucide-react';
import { useSeen } from '@/client/seen-store.ts';
import { useServerState } from '@/client/state-store.ts';
import { sessionStatus } from '@/features/workspaces/workspace-status.ts';
import { Button } from '@/ui/button.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { type Pane, paneId } from './pane.ts';
import { showNewSession, showNewTerminal } from './pane-actions.ts';

interface ChooserProps {
  readonly workspaceId: WorkspaceId;
  /** Panes that are open already. */
  readonly openIds: ReadonlySet<string>;
  onChoose(pane: Pane): void;
  onClose: (() => void) | null;
}

// Enough to pick from at a glance; the sidebar has them all.
const MOST_SESSIONS = 12;

/** What an empty place of the grid can show: something new, or a session of this or another workspace. */
export function Chooser({ workspaceId, openIds, onChoose, onClose }: ChooserProps) {
  const seen = useSeen();
  const workspaces = useServerState((state) => state.workspaces);
  const sessions = useServerState((state) =>
    Object.values(state.sessions)
      .filter((session) => state.workspaces[session.workspaceId]?.state === 'ready')
      .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
  );
  const offered = sessions.filter((session) => !openIds.has(session.id)).slice(0, MOST_SESSIONS);
  return (
    <section
      aria-label="Choose what to show"
      className="flex h-full flex-col items-center overflow-y-auto bg-pane p-6"
    >
      <div className="m-auto flex w-full max-w-xs flex-col gap-3">
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => void showNewSession(workspaceId)}>
            <Bot className="size-3.5" aria-hidden /> New session
          </Button>
          <Button onClick={() => void showNewTerminal(workspaceId)}>
            <SquareTerminal className="size-3.5" aria-hidden /> Terminal
          </Button>
          {onClose && (
            <Button variant="ghost" onClick={onClose}>
              Close
            </Button>
          )}
        </div>
        {offered.length > 0 && (
          <ul className="flex flex-col" aria-label="Sessions">
            {offered.map((session) => {
              const pane: Pane = { kind: 'agent', workspaceId: session.workspaceId, sessionId: session.id };
              return (
                <li key={paneId(pane)}>
                  <button
                    type="button"
                    className="flex h-8 w-full items-center gap-2 rounded-ui px-2 text-left hover:bg-hover phone:h-11"
                    onClick={() => onChoose(pane)}
                  >
                    <StatusMark status={sessionStatus(session, seen)} />
                    <span className="min-w-0 flex-1 truncate">{session.title || 'New session'}</span>
                    <span className="shrink-0 text-small text-text-3">
                      {workspaces[session.workspaceId]?.name}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </section>
  );
}
