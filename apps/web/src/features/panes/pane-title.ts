import type { WorkspaceId } from '@farhand/shared/model/ids';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useSeen } from '@/client/seen-store.ts';
import { stateStore, useServerState } from '@/client/state-store.ts';
import { sessionStatus } from '@/features/workspaces/workspace-status.ts';
import type { Status } from '@/ui/status-mark.tsx';
import { splitPath } from '../changes/change-row.ts';
import { activityText } from '../terminals/activity-text.ts';
import { type Pane, paneId } from './pane.ts';
import { terminalStatus } from './terminal-status.ts';

const ownTitles = createStore<Readonly<Record<string, string | null>>>(() => ({}));

/** Keeps what a terminal's program calls itself. */
export function setPaneTitle(pane: Pane, title: string | null): void {
  ownTitles.setState({ [paneId(pane)]: title });
}

/** What a pane is called when it opens; its tab then follows what changes. */
export function firstTitle(pane: Pane): string {
  const { sessions, terminals } = stateStore.getState();
  switch (pane.kind) {
    case 'agent':
      return sessions[pane.sessionId]?.title || 'New session';
    case 'terminal':
      return terminals[pane.terminalId]?.title ?? 'Terminal';
    case 'diff':
    case 'file':
      return splitPath(pane.path).name;
  }
}

/** What a tab says. */
export interface PaneTitle {
  readonly title: string;
  /** The workspace's name where it is not the one on the screen. */
  readonly from: string | null;
  readonly status: Status | null;
  /** What stands behind the status, in words, where there is more to say. */
  readonly note: string | null;
}

/** The title of a pane among the panes of `home`. */
export function usePaneTitle(pane: Pane, home: WorkspaceId | null): PaneTitle {
  const own = useStore(ownTitles, (titles) => titles[paneId(pane)]);
  const seen = useSeen();
  const session = useServerState((state) =>
    pane.kind === 'agent' ? state.sessions[pane.sessionId] : undefined,
  );
  const terminal = useServerState((state) =>
    pane.kind === 'terminal' ? state.terminals[pane.terminalId] : undefined,
  );
  const workspace = useServerState((state) => state.workspaces[pane.workspaceId]);
  const from = pane.workspaceId === home ? null : (workspace?.name ?? null);
  switch (pane.kind) {
    case 'agent':
      return {
        title: session?.title || 'New session',
        from,
        status: session ? sessionStatus(session, seen) : null,
        note: null,
      };
    case 'terminal':
      return {
        title: own || terminal?.title || 'Terminal',
        from,
        status: terminal ? terminalStatus(terminal, seen) : null,
        note: terminal?.exit ? null : activityText(terminal?.activity ?? null),
      };
    case 'diff':
    case 'file':
      return { title: splitPath(pane.path).name, from, status: null, note: null };
  }
}
