import { type FormEvent, useState } from 'react';
import { stateStore } from '@/client/state-store.ts';
import { type BoardChoice, closeDialog, showBoard, viewStore } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { showNote } from '@/ui/toast.tsx';
import { putOnBoard } from './board-grid.tsx';
import { findBoard, makeBoard, renameBoard, useBoards } from './boards.ts';
import { type Pane, parsePane } from './pane.ts';

const TITLES: Readonly<Record<BoardChoice['do'], string>> = {
  make: 'New board',
  rename: 'Rename board',
  add_workspace: 'Add to a board',
  add_pane: 'Add to a board',
};

/** Makes or renames a board, or chooses the one that something is added to. */
export default function BoardDialog({ choice }: { readonly choice: BoardChoice }) {
  const isAdding = choice.do === 'add_pane' || choice.do === 'add_workspace';
  const boards = useBoards();
  const [name, setName] = useState(choice.do === 'rename' ? (findBoard(choice.boardId)?.name ?? '') : '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    closeDialog();
    if (choice.do === 'rename') return renameBoard(choice.boardId, name);
    showBoard(makeBoard(name, panesOf(choice)));
  };
  const add = (id: string) => {
    const { boardId } = viewStore.getState();
    closeDialog();
    putOnBoard(id, panesOf(choice), boardId === id);
    if (boardId !== id) showNote(`Added to ${findBoard(id)?.name ?? 'the board'}`);
  };
  return (
    <Dialog title={TITLES[choice.do]} onClose={closeDialog}>
      {isAdding && boards.length > 0 && (
        <ul
          aria-label="Boards"
          className="flex max-h-60 flex-col overflow-y-auto border-b border-hairline p-2"
        >
          {boards.map((board, at) => (
            <li key={board.id}>
              <button
                type="button"
                {...(at === 0 && { 'data-autofocus': true })}
                onClick={() => add(board.id)}
                className="flex h-8 w-full items-center rounded-ui px-2 text-left hover:bg-hover phone:h-11"
              >
                <span className="truncate">{board.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody>
          <Field label={isAdding ? 'On a new board' : 'Name'}>
            {(control) => (
              <Input
                {...control}
                {...((!isAdding || boards.length === 0) && { 'data-autofocus': true })}
                maxLength={60}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={name.trim() === ''}>
            {choice.do === 'rename' ? 'Rename' : 'Make the board'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function panesOf(choice: BoardChoice): readonly Pane[] {
  if (choice.do === 'add_pane') {
    const pane = parsePane(JSON.parse(choice.pane));
    return pane ? [pane] : [];
  }
  if (choice.do !== 'add_workspace') return [];
  const { workspaceId } = choice;
  const { sessions } = stateStore.getState();
  return Object.values(sessions)
    .filter((session) => session.workspaceId === workspaceId && session.parent?.kind !== 'subagent')
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
    .map(({ id }) => ({ kind: 'agent', workspaceId, sessionId: id }));
}
