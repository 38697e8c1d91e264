import type { Workspace } from '@farhand/shared/model/workspaces';
import dynamic from 'next/dynamic';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { load } from '@/client/load.ts';
import { useServerState } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { toggleInspector, useLayout, useView } from '@/client/view-store.ts';
import { useCommand } from '../keys/commands.ts';
import { Home } from './home.tsx';
import { useOpenCommands } from './use-open-commands.ts';
import { WorkspaceHeader } from './workspace-header.tsx';
import { WorkspaceView } from './workspace-view.tsx';

const Inspector = dynamic(
  () => load(() => import('./open-workspace.ts').then((module) => module.Inspector)),
  {
    ssr: false,
  },
);

const ComparisonBoard = dynamic(() => load(() => import('../comparisons/comparison-board.tsx')), {
  ssr: false,
});

const AuditPage = dynamic(() => load(() => import('../audit/audit-page.tsx')), { ssr: false });

const BoardView = dynamic(
  () => load(() => import('./open-workspace.ts').then((module) => module.loadBoard())),
  {
    ssr: false,
  },
);

/** The workspace, board or other page that the address names, or what to do where it names none. */
export function MainArea() {
  const id = useView((view) => view.workspaceId);
  const comparisonId = useView((view) => view.comparisonId);
  const boardId = useView((view) => view.boardId);
  const isAudit = useView((view) => view.isAudit);
  const isLoaded = useServerState((state) => state.isLoaded);
  const workspace = useServerState((state) => (id === null ? undefined : state.workspaces[id]));
  if (!isLoaded) return <main className="flex-1 bg-pane" aria-busy="true" aria-label="Loading" />;
  if (isAudit) return <AuditPage />;
  if (comparisonId !== null) return <ComparisonBoard comparisonId={comparisonId} />;
  if (boardId !== null) return <BoardView boardId={boardId} />;
  if (!workspace) return <Home isMissing={id !== null} />;
  return <OpenWorkspace workspace={workspace} />;
}

function OpenWorkspace({ workspace }: { readonly workspace: Workspace }) {
  const isPhone = useIsPhone();
  const isInspectorOpen = useLayout((layout) => layout.isInspectorOpen);
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const isReady = workspace.state === 'ready';
  useOpenCommands(workspace);
  useCommand('inspector.toggle', isPhone ? () => setIsSheetOpen(!isSheetOpen) : toggleInspector, isReady);
  return (
    <>
      <main aria-label={workspace.name} className="flex min-w-0 flex-1 flex-col bg-pane">
        <WorkspaceHeader workspace={workspace} />
        <WorkspaceView workspace={workspace} />
      </main>
      {isReady && !isPhone && isInspectorOpen && (
        <aside aria-label="Inspector" className="flex w-80 shrink-0 flex-col border-l border-hairline bg-app">
          <Inspector workspaceId={workspace.id} key={workspace.id} />
        </aside>
      )}
      {isReady && isPhone && isSheetOpen && (
        <Sheet onClose={() => setIsSheetOpen(false)}>
          <Inspector workspaceId={workspace.id} key={workspace.id} />
        </Sheet>
      )}
    </>
  );
}

function Sheet({ onClose, children }: { readonly onClose: () => void; readonly children: ReactNode }) {
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-overlay" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 bottom-0 z-40 flex h-[80dvh] flex-col rounded-t-ui border-t border-hairline-strong bg-app outline-none"
        >
          <div className="flex h-12 shrink-0 items-center border-b border-hairline pr-2 pl-4">
            <Radix.Title className="flex-1 text-ui font-semibold">Inspector</Radix.Title>
            <Radix.Close className="h-10 rounded-ui px-3 text-text-2 hover:bg-hover">Close</Radix.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
