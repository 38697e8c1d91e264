import { type ReactNode, useContext } from 'react';
import { openDialog } from '@/client/view-store.ts';
import { KEYMAP } from '@/features/keys/keymap.ts';
import { type MenuItem, RightClickMenu } from '@/ui/menu.tsx';
import { HomeContext } from './home.ts';
import type { Pane } from './pane.ts';
import { paneHost, showInWorkspace } from './pane-host.ts';

interface TabMenuProps {
  readonly pane: Pane;
  onClose(): void;
  onMaximise(): void;
  readonly children: ReactNode;
}

function forkItems(pane: Pane): readonly MenuItem[] {
  if (pane.kind !== 'agent') return [];
  const { workspaceId, sessionId } = pane;
  return [
    {
      label: 'Fork the session…',
      onSelect: () => openDialog({ kind: 'fork_workspace', workspaceId, sessionId }),
    },
  ];
}

/** The menu of the right mouse button over a pane's tab. */
export function TabMenu({ pane, onClose, onMaximise, children }: TabMenuProps) {
  const home = useContext(HomeContext);
  const elsewhere: readonly MenuItem[] =
    pane.workspaceId === home
      ? []
      : [{ label: 'Open in its workspace', onSelect: () => showInWorkspace(pane) }];
  return (
    <RightClickMenu
      items={[
        {
          label: 'Add to board…',
          onSelect: () =>
            openDialog({ kind: 'board', choice: { do: 'add_pane', pane: JSON.stringify(pane) } }),
        },
        ...elsewhere,
        ...forkItems(pane),
        { label: 'Show once more beside', onSelect: () => paneHost()?.openAgain(pane) },
        { label: 'Maximise or restore', keys: KEYMAP['pane.maximise'].keys, onSelect: onMaximise },
        'separator',
        { label: 'Close', onSelect: onClose },
      ]}
    >
      {children}
    </RightClickMenu>
  );
}
