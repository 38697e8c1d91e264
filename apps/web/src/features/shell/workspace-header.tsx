import type { Workspace } from '@farhand/shared/model/workspaces';
import { Copy, Ellipsis, GitBranch, KeyRound, PanelRight, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { load } from '@/client/load.ts';
import { openDialog } from '@/client/view-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { copyText } from '@/ui/copy.ts';
import { Menu, type MenuItem } from '@/ui/menu.tsx';
import { HostConnection } from '../hosts/host-connection.tsx';
import { addToBoardItem, muteItem } from '../inbox/workspace-items.tsx';
import { runCommand } from '../keys/commands.ts';
import { KEYMAP } from '../keys/keymap.ts';
import { useNotificationSettings } from '../notifications/settings.ts';
import { branchingItems } from '../workspaces/branching-items.tsx';
import { keepingItems } from '../workspaces/keeping-items.tsx';
import { PlaceButton } from './place-button.tsx';

const PolicyButton = dynamic(() => load(() => import('../workspaces/policy-button.tsx')), { ssr: false });

const SandboxButton = dynamic(() => load(() => import('../sandbox/sandbox-button.tsx')), { ssr: false });

/** The line above a workspace's panes: its name, branch and host, and what can be done with it. */
export function WorkspaceHeader({ workspace }: { readonly workspace: Workspace }) {
  const isReady = workspace.state === 'ready';
  const isMuted = useNotificationSettings().mutedWorkspaces.includes(workspace.id);
  return (
    <header className="@container/header flex h-10 shrink-0 items-center gap-2 border-b border-hairline bg-app px-2 phone:h-12 phone:gap-0 phone:px-0.5">
      <PlaceButton />
      <h2 className="min-w-0 shrink-2 truncate phone:shrink text-ui font-semibold">{workspace.name}</h2>
      <span
        className="inline-flex min-w-0 shrink-6 items-center gap-1 text-small text-text-3 @max-xl/header:hidden"
        title={`Branch ${workspace.branch}, from ${workspace.baseBranch}`}
      >
        <GitBranch aria-hidden="true" className="size-3.5 shrink-0" />
        <span className="truncate">{workspace.branch}</span>
      </span>
      <HostConnection hostId={workspace.hostId} />
      <span className="flex-1" />
      {isReady && <SandboxButton workspace={workspace} />}
      {isReady && <PolicyButton workspace={workspace} />}
      <Menu items={menuItems(workspace, isMuted)} align="end">
        <button
          type="button"
          aria-label="More"
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text phone:size-11"
        >
          <Ellipsis aria-hidden="true" className="size-4" />
        </button>
      </Menu>
      {isReady && <InspectorButton />}
    </header>
  );
}

function menuItems(workspace: Workspace, isMuted: boolean): readonly MenuItem[] {
  const { directory } = workspace;
  return [
    ...(directory === null
      ? []
      : [
          {
            label: 'Copy the folder’s path',
            icon: <Copy className="size-3.5" />,
            onSelect: () => void copyText(directory),
          },
        ]),
    {
      label: 'Copy the branch’s name',
      icon: <GitBranch className="size-3.5" />,
      onSelect: () => void copyText(workspace.branch),
    },
    {
      label: 'Secrets of the project',
      icon: <KeyRound className="size-3.5" />,
      onSelect: () => openDialog({ kind: 'settings', part: 'secrets', projectId: workspace.projectId }),
    },
    'separator',
    ...branchingItems(workspace),
    'separator',
    addToBoardItem(workspace),
    muteItem(workspace.id, isMuted),
    'separator',
    ...keepingItems(workspace),
    'separator',
    {
      label: 'Delete workspace',
      icon: <Trash2 className="size-3.5" />,
      isDanger: true,
      onSelect: () => openDialog({ kind: 'delete_workspace', workspaceId: workspace.id }),
    },
  ];
}

// Whether the inspector is open differs on a phone, where it covers the panes; the command knows.
function InspectorButton() {
  return (
    <IconButton
      label="Show or hide the inspector"
      keys={KEYMAP['inspector.toggle'].keys}
      onClick={() => runCommand('inspector.toggle')}
    >
      <PanelRight aria-hidden="true" className="size-4" />
    </IconButton>
  );
}
