import type { Workspace } from '@farhand/shared/model/workspaces';
import { ArchiveRestore, ChevronRight, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { openDialog, showWorkspace, useView } from '@/client/view-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { RightClickMenu } from '@/ui/menu.tsx';
import { archiveSize } from '../workspaces/archive-size.ts';
import { keepingItems } from '../workspaces/keeping-items.tsx';
import { restore } from '../workspaces/workspace-actions.ts';

/** The archived workspaces of a project, folded until they are asked for. */
export function ArchivedList({ workspaces }: { readonly workspaces: readonly Workspace[] }) {
  const shown = useView((view) => view.workspaceId);
  const [isOpened, setIsOpened] = useState(false);
  const isOpen = isOpened || workspaces.some(({ id }) => id === shown);
  return (
    <>
      <button
        type="button"
        data-row
        aria-expanded={isOpen}
        onClick={() => setIsOpened(!isOpen)}
        className="flex h-7 w-full items-center gap-2 rounded-ui pr-2 pl-3 text-small text-text-3 outline-offset-[-2px] hover:text-text phone:h-11"
      >
        <ChevronRight aria-hidden="true" className={cx('size-3 shrink-0', isOpen && 'rotate-90')} />
        Archived <span className="tabular-nums">{workspaces.length}</span>
      </button>
      {isOpen && (
        <ul>
          {workspaces.map((workspace) => (
            <li key={workspace.id}>
              <ArchivedRow workspace={workspace} isShown={workspace.id === shown} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function ArchivedRow({ workspace, isShown }: { readonly workspace: Workspace; readonly isShown: boolean }) {
  const remove = () => openDialog({ kind: 'delete_workspace', workspaceId: workspace.id });
  return (
    <RightClickMenu
      items={[
        { label: 'Open', onSelect: () => showWorkspace(workspace.id) },
        ...keepingItems(workspace),
        { label: 'Delete', icon: <Trash2 className="size-3.5" />, isDanger: true, onSelect: remove },
      ]}
    >
      <div
        className={cx(
          'flex h-7 items-center gap-1 rounded-ui pr-1 phone:h-11',
          isShown ? 'bg-selected' : 'hover:bg-hover',
        )}
      >
        <a
          href={`?w=${workspace.id}`}
          data-row
          aria-current={isShown ? 'page' : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            showWorkspace(workspace.id);
          }}
          onKeyDown={(event) => event.key === 'Delete' && remove()}
          className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-ui pl-8 text-text-3 outline-offset-[-2px] hover:text-text"
        >
          <span className="min-w-0 flex-1 truncate">{workspace.name}</span>
          <span className="shrink-0 text-micro tabular-nums">{archiveSize(workspace)}</span>
        </a>
        <IconButton label={`Restore ${workspace.name}`} onClick={() => restore(workspace)}>
          <ArchiveRestore aria-hidden="true" className="size-3.5" />
        </IconButton>
      </div>
    </RightClickMenu>
  );
}
