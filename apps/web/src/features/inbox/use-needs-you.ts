import { seenStore, useSeen } from '@/client/seen-store.ts';
import { stateStore, useServerState } from '@/client/state-store.ts';
import { openDialog, showWorkspace, viewStore } from '@/client/view-store.ts';
import { useCommand } from '../keys/commands.ts';
import { activePane, showPane } from '../panes/pane-host.ts';
import { type Need, needsYou, neighbourNeed } from './needs-you.ts';

/** All that waits for a person, oldest first. */
export function useNeedsYou(): readonly Need[] {
  const hosts = useServerState((state) => state.hosts);
  const workspaces = useServerState((state) => state.workspaces);
  const sessions = useServerState((state) => state.sessions);
  const seen = useSeen();
  return needsYou({ hosts, workspaces, sessions, seen });
}

/** Shows what waits: its workspace, and in it the session, which is then looked at; the question of a host at once. */
export function goToNeed({ workspaceId, sessionId, hostId, status }: Need): void {
  if (sessionId) showPane({ kind: 'agent', workspaceId, sessionId });
  else showWorkspace(workspaceId);
  if (hostId && status === 'blocked') openDialog({ kind: 'answer_host', hostId });
}

function goTo(step: 1 | -1): void {
  const { hosts, workspaces, sessions } = stateStore.getState();
  const needs = needsYou({ hosts, workspaces, sessions, seen: seenStore.getState() });
  const active = activePane();
  const next = neighbourNeed(
    needs,
    {
      workspaceId: viewStore.getState().workspaceId,
      sessionId: active?.kind === 'agent' ? active.sessionId : null,
    },
    step,
  );
  if (next) goToNeed(next);
}

/** Answers the keys that go from one need to the next. */
export function useNeedsYouCommands(): void {
  useCommand('needs_you.next', () => goTo(1));
  useCommand('needs_you.previous', () => goTo(-1));
  const asking = useNeedsYou().find(({ hostId, status }) => hostId !== null && status === 'blocked');
  useCommand('host.answer', () => asking && goToNeed(asking), asking !== undefined);
}
