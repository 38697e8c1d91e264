import { LayoutGrid } from 'lucide-react';
import { showBoard } from '@/client/view-store.ts';
import { ALL_AGENTS, useBoards } from '../panes/boards.ts';
import { matches } from './palette-mode.ts';
import { PaletteItem } from './palette-parts.tsx';

/** The boards that fit. */
export function BoardResults({ text }: { readonly text: string }) {
  const boards = [{ id: ALL_AGENTS, name: 'All agents' }, ...useBoards()];
  return boards
    .filter(({ name }) => matches(`${name} board`, text))
    .map(({ id, name }) => (
      <PaletteItem key={id} value={`board ${id}`} onSelect={() => showBoard(id)}>
        <LayoutGrid aria-hidden="true" className="size-3 shrink-0 text-text-3" />
        <span className="min-w-0 truncate">{name}</span>
        <span className="flex-1 text-small text-text-3">Board</span>
      </PaletteItem>
    ));
}
