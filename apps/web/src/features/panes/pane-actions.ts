import type { WorkspaceId } from '@farhand/shared/model/ids';
import { openDialog, showWorkspace } from '@/client/view-store.ts';
import { useCommand } from '@/features/keys/commands.ts';
import { showError } from '@/ui/toast.tsx';
import { switchDryRun } from '../dry-run/switch-dry-run.ts';
import { createSession, firstSession } from '../sessions/first-session.ts';
import { openTerminal } from '../terminals/opened-here.ts';
import { activePane, openPane, type Placement, paneHost } from './pane-host.ts';

/** Opens a terminal on the workspace's host and shows it. */
export async function showNewTerminal(
  workspaceId: WorkspaceId,
  placement: Placement = 'fitting',
): Promise<void> {
  try {
    const { id } = await openTerminal(workspaceId);
    openPane({ kind: 'terminal', workspaceId, terminalId: id }, placement);
  } catch (error) {
    showError('The terminal was not opened', error);
  }
}

/** Begins a session in the workspace and shows it. */
export async function showNewSession(
  workspaceId: WorkspaceId,
  placement: Placement = 'fitting',
): Promise<void> {
  try {
    const { id } = await createSession(workspaceId);
    openPane({ kind: 'agent', workspaceId, sessionId: id }, placement);
  } catch (error) {
    showError('The session was not made', error);
  }
}

/** Shows the workspace's newest session in a column of its own beside what is on the screen. */
export async function showBeside(workspaceId: WorkspaceId): Promise<void> {
  if (!paneHost()) return showWorkspace(workspaceId);
  try {
    const { id } = await firstSession(workspaceId);
    openPane({ kind: 'agent', workspaceId, sessionId: id }, 'beside');
  } catch (error) {
    showError('The session was not opened', error);
  }
}

/** Answers the commands about panes while a workspace's are on the screen. */
export function usePaneCommands(): void {
  useCommand('pane.split', () => paneHost()?.split('right'));
  useCommand('pane.split_down', () => paneHost()?.split('below'));
  useCommand('pane.beside', () => paneHost()?.split('right'));
  useCommand('pane.close', () => paneHost()?.closeActive());
  useCommand('pane.maximise', () => paneHost()?.toggleMaximised());
  useCommand('pane.next', () => paneHost()?.focusStep(1));
  useCommand('pane.previous', () => paneHost()?.focusStep(-1));
  useCommand('session.fork', forkActive);
  useCommand('dry_run.toggle', switchActive);
  useCommand('composer.focus', focusComposer);
}

function forkActive(): void {
  const pane = activePane();
  if (pane?.kind !== 'agent') return;
  openDialog({ kind: 'fork_workspace', workspaceId: pane.workspaceId, sessionId: pane.sessionId });
}

function switchActive(): void {
  const pane = activePane();
  if (pane?.kind === 'agent') void switchDryRun(pane.sessionId);
}

function focusComposer(): void {
  const within = document.activeElement?.closest('[data-pane]') ?? document;
  const composer =
    within.querySelector<HTMLTextAreaElement>('.composer-text') ??
    document.querySelector<HTMLTextAreaElement>('.composer-text');
  composer?.focus();
}
