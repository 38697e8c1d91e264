import { LayoutGrid, Plus, Trash2 } from 'lucide-react';
import type { MouseEvent } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { openDialog, showBoard, useView } from '@/client/view-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { RightClickMenu } from '@/ui/menu.tsx';
import { KEYMAP } from '../keys/keymap.ts';
import { ALL_AGENTS, deleteBoard, useBoards } from '../panes/boards.ts';

/** The boards above the projects: all agents, and those that the person made. */
export function BoardList() {
  const boards = useBoards();
  const count = useServerState(
    ({ sessions, workspaces }) =>
      Object.values(sessions).filter(
        ({ state, parent, workspaceId }) =>
          (state === 'working' || state === 'blocked') &&
          parent?.kind !== 'subagent' &&
          workspaces[workspaceId]?.state === 'ready',
      ).length,
  );
  return (
    <ul aria-label="Boards" className="group flex shrink-0 flex-col px-2 pb-2">
      <li className="flex items-center">
        <BoardLink id={ALL_AGENTS} name="All agents" count={count} />
        <IconButton
          label="New board"
          keys={KEYMAP['board.new'].keys}
          onClick={() => openDialog({ kind: 'board', choice: { do: 'make' } })}
          className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 phone:opacity-100"
        >
          <Plus aria-hidden="true" className="size-3.5" />
        </IconButton>
      </li>
      {boards.map((board) => (
        <li key={board.id}>
          <RightClickMenu
            items={[
              {
                label: 'Rename',
                onSelect: () => openDialog({ kind: 'board', choice: { do: 'rename', boardId: board.id } }),
              },
              {
                label: 'Delete board',
                icon: <Trash2 className="size-3.5" />,
                isDanger: true,
                onSelect: () => deleteBoard(board.id),
              },
            ]}
          >
            <div className="flex">
              <BoardLink id={board.id} name={board.name} count={0} />
            </div>
          </RightClickMenu>
        </li>
      ))}
    </ul>
  );
}

interface BoardLinkProps {
  readonly id: string;
  readonly name: string;
  /** How many agents are at work or ask; 0 for none or not said. */
  readonly count: number;
}

function BoardLink({ id, name, count }: BoardLinkProps) {
  const isShown = useView((view) => view.boardId === id);
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    showBoard(id);
  };
  return (
    <a
      href={`?b=${id}`}
      data-row
      aria-current={isShown ? 'page' : undefined}
      onClick={follow}
      className={cx(
        'flex h-7 min-w-0 flex-1 items-center gap-2 rounded-ui px-2 outline-offset-[-2px] phone:h-11',
        isShown ? 'bg-selected text-text' : 'text-text-2 hover:bg-hover hover:text-text',
      )}
    >
      <LayoutGrid aria-hidden="true" className="size-3 shrink-0 text-text-3" />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {count > 0 && (
        <span className="shrink-0 text-micro tabular-nums text-text-3">
          {count}
          <span className="sr-only"> at work or asking</span>
        </span>
      )}
    </a>
  );
}
