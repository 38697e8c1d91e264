import type { Workspace } from '@farhand/shared/model/workspaces';
import { Columns3, GitFork, MoveRight } from 'lucide-react';
import { openDialog } from '@/client/view-store.ts';
import type { MenuItem } from '@/ui/menu.tsx';
import { canFork, canMove } from './workspace-actions.ts';

/** The lines of a workspace's menu about what is made of it: a comparison, a fork, the same elsewhere. */
export function branchingItems(workspace: Workspace): readonly MenuItem[] {
  const { id: workspaceId } = workspace;
  return [
    {
      label: 'Compare…',
      icon: <Columns3 className="size-3.5" />,
      isDisabled: !canFork(workspace),
      onSelect: () => openDialog({ kind: 'compare', workspaceId }),
    },
    {
      label: 'Fork…',
      icon: <GitFork className="size-3.5" />,
      isDisabled: !canFork(workspace),
      onSelect: () => openDialog({ kind: 'fork_workspace', workspaceId }),
    },
    {
      label: 'Move to another host…',
      icon: <MoveRight className="size-3.5" />,
      isDisabled: !canMove(workspace),
      onSelect: () => openDialog({ kind: 'move_workspace', workspaceId }),
    },
  ];
}
