import type { Workspace } from '@farhand/shared/model/workspaces';
import { Archive, ArchiveRestore, GitPullRequestArrow } from 'lucide-react';
import type { MenuItem } from '@/ui/menu.tsx';
import { archive, canArchive, canRestore, fetchCommits, restore } from './workspace-actions.ts';

/** The lines of a workspace's menu about what is kept of it: fetch, archive, restore. */
export function keepingItems(workspace: Workspace): readonly MenuItem[] {
  if (canRestore(workspace)) {
    return [
      {
        label: 'Restore',
        icon: <ArchiveRestore className="size-3.5" />,
        onSelect: () => restore(workspace),
      },
    ];
  }
  return [
    {
      label: 'Fetch commits',
      icon: <GitPullRequestArrow className="size-3.5" />,
      isDisabled: !canArchive(workspace),
      onSelect: () => void fetchCommits(workspace),
    },
    {
      label: 'Archive',
      icon: <Archive className="size-3.5" />,
      isDisabled: !canArchive(workspace),
      onSelect: () => archive(workspace),
    },
  ];
}
