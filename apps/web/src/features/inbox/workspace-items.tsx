import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { Bell, BellOff, LayoutGrid } from 'lucide-react';
import { openDialog } from '@/client/view-store.ts';
import type { MenuItem } from '@/ui/menu.tsx';
import { setMuted } from '../notifications/settings.ts';

/** The line of a workspace's menu that puts its sessions on a board. */
export const addToBoardItem = ({ id, state }: Pick<Workspace, 'id' | 'state'>): MenuItem => ({
  label: 'Add to board…',
  icon: <LayoutGrid className="size-3.5" />,
  isDisabled: state !== 'ready',
  onSelect: () => openDialog({ kind: 'board', choice: { do: 'add_workspace', workspaceId: id } }),
});

/** The line of a workspace's menu that mutes its sound and notifications, or brings them back. */
export const muteItem = (id: WorkspaceId, isMuted: boolean): MenuItem => ({
  label: isMuted ? 'Unmute notifications' : 'Mute notifications',
  icon: isMuted ? <Bell className="size-3.5" /> : <BellOff className="size-3.5" />,
  onSelect: () => setMuted(id, !isMuted),
});
