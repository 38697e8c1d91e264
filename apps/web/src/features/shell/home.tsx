import { PanelLeft } from 'lucide-react';
import { useServerState } from '@/client/state-store.ts';
import { openDialog, toggleSidebar, useLayout } from '@/client/view-store.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Kbd } from '@/ui/kbd.tsx';
import { type CommandId, KEYMAP } from '../keys/keymap.ts';

const SHOWN_KEYS = ['palette.open', 'needs_you.next', 'keys.show'] as const satisfies readonly CommandId[];

/** The main area where no workspace is chosen; `isMissing` where the address names one that does not exist. */
export function Home({ isMissing }: { readonly isMissing: boolean }) {
  const hasWorkspaces = useServerState((state) => Object.keys(state.workspaces).length > 0);
  const isSidebarOpen = useLayout((layout) => layout.isSidebarOpen);
  const title = isMissing
    ? 'There is no such workspace'
    : hasWorkspaces
      ? 'Choose a workspace'
      : 'Put the first agent to work';
  return (
    <main className="flex min-w-0 flex-1 flex-col bg-pane">
      {!isSidebarOpen && (
        <div className="p-2">
          <IconButton label="Show the sidebar" keys={KEYMAP['sidebar.toggle'].keys} onClick={toggleSidebar}>
            <PanelLeft aria-hidden="true" className="size-4" />
          </IconButton>
        </div>
      )}
      <EmptyState
        title={title}
        actions={
          <Button variant="primary" onClick={() => openDialog({ kind: 'new_workspace' })}>
            New workspace
          </Button>
        }
      >
        {hasWorkspaces
          ? isMissing
            ? 'It was deleted, or the address belongs to another server.'
            : 'From the list, or with one key.'
          : 'A workspace is a copy of your code on any machine that ssh reaches, with an agent and a terminal.'}
        {hasWorkspaces && (
          <dl className="mx-auto mt-4 grid w-fit grid-cols-[auto_auto] items-center gap-x-4 gap-y-2 text-left text-small phone:hidden">
            {SHOWN_KEYS.map((id) => (
              <div key={id} className="contents">
                <dt className="text-text-3">{KEYMAP[id].title}</dt>
                <dd className="justify-self-end">
                  <Kbd keys={KEYMAP[id].keys} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </EmptyState>
    </main>
  );
}
