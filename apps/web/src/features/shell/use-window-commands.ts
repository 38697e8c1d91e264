import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useEffect } from 'react';
import { useServerState } from '@/client/state-store.ts';
import {
  closeDialog,
  layoutStore,
  openDialog,
  showAudit,
  showBoard,
  showWorkspace,
  toggleSidebar,
  useView,
  viewStore,
} from '@/client/view-store.ts';
import { registerCommand, useCommand } from '../keys/commands.ts';
import { type CommandId, KEYMAP } from '../keys/keymap.ts';
import { ALL_AGENTS } from '../panes/boards.ts';
import { useActivePane } from '../panes/pane-host.ts';
import { projectGroups } from '../sidebar/workspace-order.ts';
import {
  archive,
  canArchive,
  canFork,
  canMove,
  canRestore,
  fetchCommits,
  restore,
} from '../workspaces/workspace-actions.ts';

const NUMBERED = (Object.keys(KEYMAP) as CommandId[]).filter((id) => /^workspace\.\d$/.test(id));

// The key that opens the palette closes it too.
function togglePalette(query: string): void {
  if (viewStore.getState().dialog?.kind === 'palette') closeDialog();
  else openDialog({ kind: 'palette', query });
}

/** Answers the commands of the window itself: palette, dialogs, and the numbered workspaces of the sidebar. */
export function useWindowCommands(): void {
  const shown = useView((view) => view.workspaceId);
  const isKnown = useServerState((state) => shown !== null && state.workspaces[shown] !== undefined);
  useCommand('palette.open', () => togglePalette(''));
  useCommand('palette.commands', () => togglePalette('>'));
  useCommand('palette.files', () => togglePalette('@'), isKnown);
  useCommand('palette.search', () => togglePalette('?'));
  useBoardCommands();
  useCommand('workspace.new', () => openDialog({ kind: 'new_workspace' }));
  useCommand(
    'workspace.delete',
    () => shown && openDialog({ kind: 'delete_workspace', workspaceId: shown }),
    isKnown,
  );
  useKeepingCommands(shown);
  useBranchingCommands(shown);
  useCommand('sidebar.toggle', toggleSidebar);
  useCommand('audit.show', showAudit);
  useCommand('settings.open', () => openDialog({ kind: 'settings', part: 'models' }));
  useCommand('keys.show', () => openDialog({ kind: 'keys' }));
  useNumberedWorkspaces();
}

function useBoardCommands(): void {
  useCommand('board.all', () => showBoard(ALL_AGENTS));
  useCommand('board.new', () => openDialog({ kind: 'board', choice: { do: 'make' } }));
  const active = useActivePane();
  useCommand(
    'board.add',
    () => active && openDialog({ kind: 'board', choice: { do: 'add_pane', pane: JSON.stringify(active) } }),
    active !== null,
  );
}

function useKeepingCommands(shown: WorkspaceId | null): void {
  const workspace = useServerState((state) => (shown === null ? undefined : state.workspaces[shown]));
  const isReady = workspace !== undefined && canArchive(workspace);
  useCommand('workspace.fetch', () => workspace && void fetchCommits(workspace), isReady);
  useCommand('workspace.archive', () => workspace && archive(workspace), isReady);
  useCommand(
    'workspace.restore',
    () => workspace && restore(workspace),
    workspace !== undefined && canRestore(workspace),
  );
}

function useBranchingCommands(shown: WorkspaceId | null): void {
  const workspace = useServerState((state) => (shown === null ? undefined : state.workspaces[shown]));
  const canBranch = workspace !== undefined && canFork(workspace);
  const open = (kind: 'fork_workspace' | 'move_workspace') =>
    workspace && openDialog({ kind, workspaceId: workspace.id });
  const compare = () =>
    workspace && openDialog({ kind: 'compare', workspaceId: workspace.id, prompt: writtenMessage() });
  useCommand('comparison.new', compare, canBranch);
  useCommand('workspace.fork', () => open('fork_workspace'), canBranch);
  useCommand('workspace.move', () => open('move_workspace'), workspace !== undefined && canMove(workspace));
}

// By its key out of a composer, what was written there is the prompt.
function writtenMessage(): string {
  const { activeElement } = document;
  return activeElement instanceof HTMLTextAreaElement && activeElement.matches('.composer-text')
    ? activeElement.value
    : '';
}

function useNumberedWorkspaces(): void {
  const projects = useServerState((state) => state.projects);
  const workspaces = useServerState((state) => state.workspaces);
  useEffect(() => {
    const ids = projectGroups(projects, workspaces)
      .filter(({ project }) => !layoutStore.getState().foldedProjects.includes(project.id))
      .flatMap((group) => group.workspaces.map((workspace) => workspace.id));
    const ends = ids.slice(0, NUMBERED.length).flatMap((id, index) => {
      const command = NUMBERED[index];
      return command ? [registerCommand(command, () => showWorkspace(id))] : [];
    });
    return () => {
      for (const end of ends) end();
    };
  }, [projects, workspaces]);
}
