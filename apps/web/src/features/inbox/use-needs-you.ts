import { openDialog, showWorkspace, viewStore } from '@/client/view-store.ts';
import { useCommand } from '../keys/commands.ts';
import { activePane, showPane } from '../panes/pane-host.ts';
import { inbox, useNeedsYou } from './inbox-store.ts';
import { type Need, neighbourNeed } from './needs-you.ts';

/** Shows what waits: its workspace, and in it the session, which is then looked at; the question of a host at once. */
export function goToNeed({ workspaceId, sessionId, terminalId, hostId, approvalId, status }: Need): void {
  if (workspaceId === null || (approvalId && !sessionId)) {
    if (workspaceId) showWorkspace(workspaceId);
    if (approvalId) openDialog({ kind: 'approval', approvalId });
    return;
  }
  if (sessionId) showPane({ kind: 'agent', workspaceId, sessionId });
  else if (terminalId) showPane({ kind: 'terminal', workspaceId, terminalId });
  else showWorkspace(workspaceId);
  if (hostId && status === 'blocked') openDialog({ kind: 'answer_host', hostId });
}

function goTo(step: 1 | -1): void {
  const active = activePane();
  const next = neighbourNeed(
    inbox().needs,
    {
      workspaceId: viewStore.getState().workspaceId ?? active?.workspaceId ?? null,
      sessionId: active?.kind === 'agent' ? active.sessionId : null,
    },
    step,
  );
  if (next) goToNeed(next);
}

/** Answers the keys that go from one need to the next, and those that answer the oldest. */
export function useNeedsYouCommands(): void {
  const needs = useNeedsYou();
  useCommand('needs_you.next', () => goTo(1));
  useCommand('needs_you.previous', () => goTo(-1));
  const asking = needs.find(
    ({ hostId, approvalId, status }) => hostId !== null && approvalId === null && status === 'blocked',
  );
  useCommand('host.answer', () => asking && goToNeed(asking), asking !== undefined);
  const approvalId = needs.find((need) => need.approvalId !== null)?.approvalId ?? null;
  useCommand(
    'approval.answer',
    () => approvalId && openDialog({ kind: 'approval', approvalId }),
    approvalId !== null,
  );
}
