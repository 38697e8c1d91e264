import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { BellOff, ListPlus, Trash2 } from 'lucide-react';
import type { MouseEvent } from 'react';
import { isUnread, useSeen } from '@/client/seen-store.ts';
import { useHost, useServerState, useSessionsOf, useTerminalsOf } from '@/client/state-store.ts';
import { openDialog, showWorkspace, useView } from '@/client/view-store.ts';
import { cx } from '@/ui/cx.ts';
import { RightClickMenu } from '@/ui/menu.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { HostChip } from '../hosts/host-chip.tsx';
import { addToBoardItem, muteItem } from '../inbox/workspace-items.tsx';
import { useNotificationSettings } from '../notifications/settings.ts';
import { branchingItems } from '../workspaces/branching-items.tsx';
import { keepingItems } from '../workspaces/keeping-items.tsx';
import { waitText } from '../workspaces/wait-text.ts';
import { workspaceStatus } from '../workspaces/workspace-status.ts';

/** Follows a link to a workspace inside the page; a click with a modifier is left to the browser. */
function followWorkspace(event: MouseEvent, id: WorkspaceId): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  showWorkspace(id);
}

/** A workspace in the sidebar: its mark, name, changed files, commits ahead and host. */
export function WorkspaceRow({ workspace }: { readonly workspace: Workspace }) {
  const isShown = useView((view) => view.workspaceId === workspace.id);
  const sessions = useSessionsOf(workspace.id).filter(({ parent }) => parent?.kind !== 'subagent');
  const terminals = useTerminalsOf(workspace.id);
  const host = useHost(workspace.hostId);
  const seen = useSeen();
  const isMuted = useNotificationSettings().mutedWorkspaces.includes(workspace.id);
  const isNews = sessions.some((session) => session.state !== 'working' && isUnread(session, seen));
  // Loaded when wanted: the sidebar is there before any pane.
  const openBeside = () =>
    void import('../panes/pane-actions.ts').then(({ showBeside }) => showBeside(workspace.id));
  const remove = () => openDialog({ kind: 'delete_workspace', workspaceId: workspace.id });
  return (
    <RightClickMenu
      items={[
        { label: 'Open', onSelect: () => showWorkspace(workspace.id) },
        {
          label: 'Open beside',
          keys: 'shift+enter',
          onSelect: openBeside,
          isDisabled: workspace.state !== 'ready',
        },
        'separator',
        ...branchingItems(workspace),
        'separator',
        addToBoardItem(workspace),
        muteItem(workspace.id, isMuted),
        ...keepingItems(workspace),
        { label: 'Delete', icon: <Trash2 className="size-3.5" />, isDanger: true, onSelect: remove },
      ]}
    >
      <a
        href={`?w=${workspace.id}`}
        data-row
        aria-current={isShown ? 'page' : undefined}
        onClick={(event) => followWorkspace(event, workspace.id)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') remove();
          if (event.key !== 'Enter' || !event.shiftKey || workspace.state !== 'ready') return;
          event.preventDefault();
          openBeside();
        }}
        className={cx(
          'flex h-7 items-center gap-2 rounded-ui pr-2 pl-3 outline-offset-[-2px] phone:h-11',
          isShown ? 'bg-selected text-text' : 'text-text-2 hover:bg-hover hover:text-text',
        )}
      >
        <StatusMark status={workspaceStatus(workspace, sessions, { host, seen, terminals })} />
        <span className={cx('min-w-0 flex-1 truncate', isNews && 'font-semibold text-text')}>
          {workspace.name}
          {isNews && <span className="sr-only">, unread</span>}
        </span>
        {isMuted && <BellOff className="size-3 shrink-0 text-text-3" aria-label="Muted" />}
        <QueuedCount workspaceId={workspace.id} />
        <WorkspaceCounts workspace={workspace} />
        <HostChip hostId={workspace.hostId} className="max-w-20 shrink-0 phone:max-w-48" />
      </a>
    </RightClickMenu>
  );
}

function WorkspaceCounts({ workspace }: { readonly workspace: Workspace }) {
  const { files = 0, ahead = 0 } = workspace.changes ?? {};
  const wait = waitText(workspace);
  if (wait) {
    return (
      <span className="shrink-0 text-micro text-text-3" title={wait.long}>
        {wait.short}
        <span className="sr-only">, {wait.long}</span>
      </span>
    );
  }
  return (
    <span className="inline-flex shrink-0 gap-1.5 text-micro tabular-nums text-text-3">
      {ahead > 0 && (
        <span title={`${ahead} commits ahead`}>
          <span aria-hidden="true">↑{ahead}</span>
          <span className="sr-only">, {ahead} commits ahead</span>
        </span>
      )}
      {files > 0 && (
        <span title={`${files} changed files`}>
          <span aria-hidden="true">±{files}</span>
          <span className="sr-only">, {files} changed files</span>
        </span>
      )}
    </span>
  );
}

function QueuedCount({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const count = useServerState(
    ({ queuedMessages, sessions }) =>
      Object.values(queuedMessages).filter(
        ({ sessionId }) => sessions[sessionId]?.workspaceId === workspaceId,
      ).length,
  );
  if (count === 0) return null;
  const text = `${count} queued ${count === 1 ? 'message' : 'messages'}`;
  return (
    <span
      title={text}
      className="inline-flex shrink-0 items-center gap-0.5 text-micro tabular-nums text-text-3"
    >
      <ListPlus className="size-3" aria-hidden />
      {count}
      <span className="sr-only">, {text}</span>
    </span>
  );
}
