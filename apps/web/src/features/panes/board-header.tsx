import { Ellipsis, LayoutGrid, Megaphone, Trash2 } from 'lucide-react';
import { useIsPhone } from '@/client/use-media.ts';
import { openDialog, showBoard } from '@/client/view-store.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { Menu } from '@/ui/menu.tsx';
import { PlaceButton } from '../shell/place-button.tsx';
import { ALL_AGENTS, type Board, deleteBoard, makeBoard } from './boards.ts';
import { toggleBroadcast, useBroadcast } from './broadcast-store.ts';
import { paneHost, useShownPanes } from './pane-host.ts';

/** The line above a board: its name, how many panes it has, and what can be done with all of them. */
export function BoardHeader({ board }: { readonly board: Board | null }) {
  const isPhone = useIsPhone();
  const panes = useShownPanes();
  const isBroadcasting = useBroadcast((state) => state.isOpen);
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 border-b border-hairline bg-app px-2 phone:h-12 phone:gap-1 phone:px-0.5">
      <PlaceButton />
      <h2 className="min-w-0 truncate text-ui font-semibold">{board?.name ?? 'All agents'}</h2>
      <span className="shrink-0 text-small tabular-nums text-text-3">{panes.length || ''}</span>
      <span className="flex-1" />
      <Button
        variant="ghost"
        aria-pressed={isBroadcasting}
        onClick={toggleBroadcast}
        className={isBroadcasting ? 'bg-selected text-text' : ''}
      >
        <Megaphone aria-hidden="true" className="size-3.5" />
        <span className="phone:sr-only">Broadcast</span>
      </Button>
      {board && !isPhone && (
        <IconButton label="Arrange evenly" onClick={() => paneHost()?.arrange()}>
          <LayoutGrid aria-hidden="true" className="size-4" />
        </IconButton>
      )}
      <Menu align="end" items={board ? ownItems(board) : keepItems(panes)}>
        <button
          type="button"
          aria-label="More"
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text phone:size-11"
        >
          <Ellipsis aria-hidden="true" className="size-4" />
        </button>
      </Menu>
    </header>
  );
}

const ownItems = (board: Board) => [
  {
    label: 'Rename board',
    onSelect: () => openDialog({ kind: 'board', choice: { do: 'rename', boardId: board.id } }),
  },
  {
    label: 'Delete board',
    icon: <Trash2 className="size-3.5" />,
    isDanger: true,
    onSelect: () => {
      // The grid goes first, or it would keep its layout anew.
      showBoard(ALL_AGENTS);
      setTimeout(() => deleteBoard(board.id), AFTER_LAYOUT_MS);
    },
  },
];

// The grid writes its last layout as it goes.
const AFTER_LAYOUT_MS = 50;

const keepItems = (panes: Parameters<typeof makeBoard>[1] = []) => [
  {
    label: 'Keep as a board',
    isDisabled: panes.length === 0,
    onSelect: () => showBoard(makeBoard('Agents', panes)),
  },
];
