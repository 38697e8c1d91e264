import { ChevronRight, Plus, Trash2 } from 'lucide-react';
import { call } from '@/client/call.ts';
import { openDialog, toggleProject, useLayout } from '@/client/view-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { RightClickMenu } from '@/ui/menu.tsx';
import { showError } from '@/ui/toast.tsx';
import { ProjectComparisons, WorkspaceComparisons } from '../comparisons/comparison-rows.tsx';
import { ArchivedList } from './archived-list.tsx';
import type { ProjectGroup as Group } from './workspace-order.ts';
import { WorkspaceRow } from './workspace-row.tsx';

/** A project in the sidebar with its workspaces below it; folded by a click. */
export function ProjectGroup({ group: { project, workspaces, archived } }: { readonly group: Group }) {
  const isFolded = useLayout((layout) => layout.foldedProjects.includes(project.id));
  const remove = () =>
    call('project.remove', { projectId: project.id }).catch((error: unknown) =>
      showError('The project was not removed', error),
    );
  return (
    <li className="flex flex-col">
      <RightClickMenu
        items={[
          {
            label: 'New workspace',
            icon: <Plus className="size-3.5" />,
            onSelect: () => openDialog({ kind: 'new_workspace', projectId: project.id }),
          },
          {
            label: 'Secrets',
            onSelect: () => openDialog({ kind: 'settings', part: 'secrets', projectId: project.id }),
          },
          'separator',
          {
            label: 'Remove from the list',
            icon: <Trash2 className="size-3.5" />,
            isDanger: true,
            isDisabled: workspaces.length + archived.length > 0,
            onSelect: () => void remove(),
          },
        ]}
      >
        <div className="group flex items-center">
          <button
            type="button"
            data-row
            aria-expanded={!isFolded}
            title={project.path}
            onClick={() => toggleProject(project.id)}
            className="flex h-7 min-w-0 flex-1 items-center gap-1 rounded-ui px-1 text-left text-small font-medium text-text-2 outline-offset-[-2px] hover:text-text phone:h-11"
          >
            <ChevronRight
              aria-hidden="true"
              className={cx('size-3.5 shrink-0 text-text-3', !isFolded && 'rotate-90')}
            />
            <span className="truncate">{project.name}</span>
            {isFolded && workspaces.length > 0 && (
              <span className="text-micro tabular-nums text-text-3">{workspaces.length}</span>
            )}
          </button>
          <IconButton
            label={`New workspace of ${project.name}`}
            onClick={() => openDialog({ kind: 'new_workspace', projectId: project.id })}
            className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 phone:opacity-100"
          >
            <Plus aria-hidden="true" className="size-3.5" />
          </IconButton>
        </div>
      </RightClickMenu>
      {!isFolded && (
        <ul>
          {workspaces.map((workspace) => (
            <li key={workspace.id}>
              <WorkspaceRow workspace={workspace} />
              <WorkspaceComparisons workspaceId={workspace.id} />
            </li>
          ))}
          {workspaces.length + archived.length === 0 && (
            <li className="px-3 py-1 text-small text-text-3">No workspaces yet</li>
          )}
          <li>
            <ProjectComparisons projectId={project.id} />
          </li>
          {archived.length > 0 && (
            <li>
              <ArchivedList workspaces={archived} />
            </li>
          )}
        </ul>
      )}
    </li>
  );
}
