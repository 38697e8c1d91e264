import { Plus, ScrollText, Search, Settings } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { openDialog, showAudit } from '@/client/view-store.ts';
import { Button, IconButton } from '@/ui/button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { NeedsYouList } from '../inbox/needs-you-list.tsx';
import { KEYMAP } from '../keys/keymap.ts';
import { BoardList } from './board-list.tsx';
import { ProjectGroup } from './project-group.tsx';
import { projectGroups } from './workspace-order.ts';

// The arrow keys go from row to row, over folded projects and the needs below alike.
function moveBetweenRows(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const nav = event.currentTarget as HTMLElement;
  const rows = [...nav.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return;
  event.preventDefault();
  rows[at + step]?.focus();
}

/** Projects with their workspaces, and below them what needs a person. */
export function Sidebar() {
  const isPhone = useIsPhone();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = nav.current;
    element?.addEventListener('keydown', moveBetweenRows);
    return () => element?.removeEventListener('keydown', moveBetweenRows);
  }, []);
  return (
    <nav aria-label="Workspaces" ref={nav} className="flex h-full min-h-0 flex-col bg-app">
      <header className="flex h-10 shrink-0 items-center gap-1 pr-2 pl-4 phone:h-12">
        <h1 className="flex-1 text-ui font-semibold">Farhand</h1>
        {/* Elsewhere in the status line, for which a phone has no room. */}
        <span className="hidden phone:flex">
          <IconButton label="Audit log" onClick={showAudit}>
            <ScrollText aria-hidden="true" className="size-4" />
          </IconButton>
          <IconButton label="Settings" onClick={() => openDialog({ kind: 'settings', part: 'models' })}>
            <Settings aria-hidden="true" className="size-4" />
          </IconButton>
        </span>
        <IconButton
          label="Search"
          keys={KEYMAP['palette.open'].keys}
          onClick={() => openDialog({ kind: 'palette', query: '' })}
        >
          <Search aria-hidden="true" className="size-4" />
        </IconButton>
        <IconButton
          label="New workspace"
          keys={KEYMAP['workspace.new'].keys}
          onClick={() => openDialog({ kind: 'new_workspace' })}
        >
          <Plus aria-hidden="true" className="size-4" />
        </IconButton>
      </header>
      {/* On a phone what waits is read first, and all of it scrolls together. */}
      {isPhone ? (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <NeedsYouList />
          <div className="h-2" />
          <BoardList />
          <WorkspaceList />
        </div>
      ) : (
        <>
          <BoardList />
          <WorkspaceList />
          <NeedsYouList />
        </>
      )}
    </nav>
  );
}

function WorkspaceList() {
  const isLoaded = useServerState((state) => state.isLoaded);
  const projects = useServerState((state) => state.projects);
  const workspaces = useServerState((state) => state.workspaces);
  const groups = projectGroups(projects, workspaces);
  if (!isLoaded) return <ListSkeleton />;
  if (groups.length === 0) {
    return (
      <EmptyState
        title="No projects yet"
        isAtTop
        // Beside it the main area has this button; a phone has no room for both.
        actions={
          <span className="hidden phone:block">
            <Button variant="primary" onClick={() => openDialog({ kind: 'new_workspace' })}>
              New workspace
            </Button>
          </span>
        }
      >
        A project is a git repository; a workspace is a copy of it on a host, where agents work.
      </EmptyState>
    );
  }
  return (
    <ul className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto px-2 pb-2 phone:flex-none phone:overflow-visible">
      {groups.map((group) => (
        <ProjectGroup key={group.project.id} group={group} />
      ))}
    </ul>
  );
}

function ListSkeleton() {
  return (
    <div aria-busy="true" aria-label="Loading" className="flex flex-1 flex-col gap-3 px-4 py-2">
      <Skeleton className="h-3 w-20" />
      <Skeleton className="h-3 w-44" />
      <Skeleton className="h-3 w-36" />
      <Skeleton className="h-3 w-40" />
    </div>
  );
}
