import { lazy, Suspense } from 'react';
import { load } from '@/client/load.ts';
import { usePreferencesLoaded } from '@/client/preferences.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { openDialog } from '@/client/view-store.ts';
import { useCommand } from '@/features/keys/commands.ts';
import { Button } from '@/ui/button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { AllAgents } from './all-agents-grid.tsx';
import { BoardGrid } from './board-grid.tsx';
import { BoardHeader } from './board-header.tsx';
import { ALL_AGENTS, useBoards } from './boards.ts';
import { closeBroadcast, toggleBroadcast, useBroadcast } from './broadcast-store.ts';
import { showNewSession, showNewTerminal, usePaneCommands } from './pane-actions.ts';
import { paneHost, useActivePane } from './pane-host.ts';

const BroadcastBar = lazy(() => load(() => import('./broadcast-bar.tsx')));

/** A board: panes of any workspaces, and where one prompt is written to several of them. */
export default function BoardView({ boardId }: { readonly boardId: string }) {
  const isLoaded = usePreferencesLoaded();
  const board = useBoards().find(({ id }) => id === boardId);
  const isAll = boardId === ALL_AGENTS;
  useBoardCommands(isAll);
  if (!isAll && !board)
    return isLoaded ? <NoBoard /> : <main className="flex-1 bg-pane" aria-busy="true" aria-label="Loading" />;
  return (
    <main aria-label={board?.name ?? 'All agents'} className="flex min-w-0 flex-1 flex-col bg-pane">
      <BoardHeader board={board ?? null} />
      <div className="min-h-0 flex-1">
        {board ? isLoaded && <BoardGrid key={boardId} board={board} /> : <AllAgents />}
      </div>
      <Broadcasting />
    </main>
  );
}

function Broadcasting() {
  const isOpen = useBroadcast((state) => state.isOpen);
  return isOpen ? (
    <Suspense fallback={null}>
      <BroadcastBar onClose={closeBroadcast} />
    </Suspense>
  ) : null;
}

function useBoardCommands(isAll: boolean): void {
  const isPhone = useIsPhone();
  const workspaceId = useActivePane()?.workspaceId;
  usePaneCommands();
  useCommand('board.broadcast', toggleBroadcast);
  useCommand('board.arrange', () => paneHost()?.arrange(), !isAll && !isPhone);
  useCommand('session.new', () => workspaceId && void showNewSession(workspaceId), workspaceId !== undefined);
  useCommand(
    'terminal.open',
    () => workspaceId && void showNewTerminal(workspaceId),
    workspaceId !== undefined,
  );
}

function NoBoard() {
  return (
    <main className="flex min-w-0 flex-1 flex-col bg-pane">
      <EmptyState
        title="There is no such board"
        actions={
          <Button variant="primary" onClick={() => openDialog({ kind: 'board', choice: { do: 'make' } })}>
            New board
          </Button>
        }
      >
        It was deleted, or the address belongs to another server.
      </EmptyState>
    </main>
  );
}
