import type { Comparison, Variant } from '@farhand/shared/model/comparisons';
import { stateStore } from '@/client/state-store.ts';
import { showBoard, showWorkspace } from '@/client/view-store.ts';
import { showNote } from '@/ui/toast.tsx';
import { addToBoard, boardIdFor, findBoard, makeBoard } from '../panes/boards.ts';
import type { Pane } from '../panes/pane.ts';
import { showPane } from '../panes/pane-host.ts';
import { boardName } from './board-name.ts';

/** Shows a variant's session in its workspace; while that is being made, the steps. */
export function openVariant({ workspaceId, sessionId }: Variant): void {
  if (workspaceId === null) return;
  const isReady = stateStore.getState().workspaces[workspaceId]?.state === 'ready';
  if (sessionId === null || !isReady) return showWorkspace(workspaceId);
  showPane({ kind: 'agent', workspaceId, sessionId });
}

const isReady = ({ workspaceId, state }: Variant): boolean =>
  workspaceId !== null &&
  state !== 'discarded' &&
  stateStore.getState().workspaces[workspaceId]?.state === 'ready';

/** The sessions of all variants beside each other, on a board of their own. */
export function openSideBySide(comparison: Comparison): void {
  show(
    comparison,
    comparison.variants
      .filter(isReady)
      .flatMap(({ workspaceId, sessionId }): Pane[] =>
        workspaceId !== null && sessionId !== null ? [{ kind: 'agent', workspaceId, sessionId }] : [],
      ),
  );
}

/** What each variant made of one file, beside each other. */
export function openFileSideBySide(comparison: Comparison, path: string): void {
  show(
    comparison,
    comparison.variants
      .filter(isReady)
      .flatMap(({ workspaceId }): Pane[] =>
        workspaceId === null ? [] : [{ kind: 'diff', workspaceId, path }],
      ),
  );
}

// One board for each prompt: opened again, it is gone back to.
function show({ prompt }: Comparison, panes: readonly Pane[]): void {
  if (panes.length === 0)
    return showNote('No variant is ready yet', 'They can be opened when their workspaces are made.');
  const name = boardName(prompt);
  const id = boardIdFor(name, []);
  if (findBoard(id)) addToBoard(id, panes);
  else makeBoard(name, panes);
  showBoard(id);
}
