import type { TerminalId } from '@farhand/shared/model/ids';
import { lazy, Suspense, useCallback, useEffect } from 'react';
import { load } from '@/client/load.ts';
import { markTerminalSeen } from '@/client/seen-store.ts';
import { useTerminal } from '@/client/state-store.ts';
import AgentPane from '../sessions/agent-pane.tsx';
import type { Pane } from './pane.ts';
import { setPaneTitle } from './pane-title.ts';

const TerminalPane = lazy(() => load(() => import('../terminals/terminal-pane.tsx')));
const DiffPane = lazy(() => load(() => import('../changes/diff-pane.tsx')));
const FilePane = lazy(() => load(() => import('../changes/file-pane.tsx')));

/** What a pane shows. Mounted while it is visible only. */
export function PaneContent({ pane, isActive }: { readonly pane: Pane; readonly isActive: boolean }) {
  return (
    // Strict: what one pane draws lays out no other.
    <div data-pane={pane.kind} className="h-full min-h-0 bg-pane contain-strict">
      <Suspense fallback={<div className="h-full" aria-busy="true" />}>
        <Content pane={pane} isActive={isActive} />
      </Suspense>
    </div>
  );
}

function Content({ pane, isActive }: { readonly pane: Pane; readonly isActive: boolean }) {
  const onTitle = useCallback((title: string | null) => setPaneTitle(pane, title), [pane]);
  switch (pane.kind) {
    case 'agent':
      return <AgentPane sessionId={pane.sessionId} isActive={isActive} />;
    case 'terminal':
      return (
        <>
          <SeenTerminal terminalId={pane.terminalId} />
          <TerminalPane terminalId={pane.terminalId} isActive={isActive} onTitle={onTitle} />
        </>
      );
    case 'diff':
      return <DiffPane workspaceId={pane.workspaceId} path={pane.path} />;
    case 'file':
      return <FilePane workspaceId={pane.workspaceId} path={pane.path} />;
  }
}

// What its agent does is looked at while the terminal is on the screen of a page that is.
function SeenTerminal({ terminalId }: { readonly terminalId: TerminalId }) {
  const terminal = useTerminal(terminalId);
  useEffect(() => {
    const look = () => {
      if (terminal && document.visibilityState === 'visible') markTerminalSeen(terminal);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [terminal]);
  return null;
}
