import type { WorkspaceId } from '@farhand/shared/model/ids';
import { Plus, SquareTerminal } from 'lucide-react';
import type { ReactNode } from 'react';
import { KEYMAP } from '@/features/keys/keymap.ts';
import { Menu, type MenuItem } from '@/ui/menu.tsx';
import { showNewSession, showNewTerminal } from './pane-actions.ts';
import type { PaneHost } from './pane-host.ts';

interface PlaceActionsProps {
  /** Where new things are made; null where no workspace is meant. */
  readonly workspaceId: WorkspaceId | null;
  host(): PaneHost;
  /** Wraps what is done, so that it is done in this place of several. */
  within(run: () => void): () => void;
  readonly children?: ReactNode;
}

function newItems(workspaceId: WorkspaceId, within: PlaceActionsProps['within']): readonly MenuItem[] {
  return [
    {
      label: 'New session',
      keys: KEYMAP['session.new'].keys,
      onSelect: within(() => void showNewSession(workspaceId)),
    },
    {
      label: 'New terminal',
      keys: KEYMAP['terminal.open'].keys,
      icon: <SquareTerminal className="size-3.5" aria-hidden />,
      onSelect: within(() => void showNewTerminal(workspaceId)),
    },
    'separator',
  ];
}

/** What can be opened in a place of the grid, at the end of its tabs. */
export function PlaceActions({ workspaceId, host, within, children }: PlaceActionsProps) {
  return (
    <div className="flex h-full items-center gap-0.5 pr-1.5 pl-1">
      <Menu
        align="end"
        items={[
          ...(workspaceId === null ? [] : newItems(workspaceId, within)),
          {
            label: 'Split right',
            keys: KEYMAP['pane.split'].keys,
            onSelect: within(() => host().split('right')),
          },
          {
            label: 'Split below',
            keys: KEYMAP['pane.split_down'].keys,
            onSelect: within(() => host().split('below')),
          },
        ]}
      >
        <button
          type="button"
          aria-label="Open in this place"
          className="inline-flex size-6 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text"
        >
          <Plus className="size-3.5" aria-hidden />
        </button>
      </Menu>
      {children}
    </div>
  );
}
