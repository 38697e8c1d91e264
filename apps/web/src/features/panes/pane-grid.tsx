import type { WorkspaceId } from '@farhand/shared/model/ids';
import { lazy, Suspense, startTransition, useCallback, useEffect, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { load } from '@/client/load.ts';
import { usePreferencesLoaded } from '@/client/preferences.ts';
import { useServerState } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { InlineError } from '../composer/inline-error.tsx';
import { firstSession } from '../sessions/first-session.ts';
import { panesOf } from './layout.ts';
import { forgetOldLayouts, readLayout } from './layouts.ts';
import type { Pane } from './pane.ts';
import { usePaneCommands } from './pane-actions.ts';
import type { PaneHost } from './pane-host.ts';
import { PhonePanes, useOwnPanes } from './phone-panes.tsx';
import { SinglePane } from './single-pane.tsx';

const DockGrid = lazy(() =>
  load(() => import('./dock-grid.tsx').then((module) => ({ default: module.DockGrid }))),
);

/** The panes of a workspace: a grid, on a phone one at a time. A workspace without a session gets its first one. */
export default function PaneGrid({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const isPhone = useIsPhone();
  // Another browser may have laid it out anew.
  const areLayoutsKnown = usePreferencesLoaded();
  const { first, error } = useFirstPane(workspaceId, areLayoutsKnown);
  usePaneCommands();
  useEffect(() => {
    if (areLayoutsKnown) forgetOldLayouts();
  }, [areLayoutsKnown]);
  return (
    <div className="flex h-full min-h-0 flex-col bg-pane">
      {error && (
        <div className="p-3">
          <InlineError error={error} />
        </div>
      )}
      <div className="min-h-0 flex-1">
        {isPhone ? (
          <PhoneWorkspace key={workspaceId} workspaceId={workspaceId} first={first} />
        ) : (
          areLayoutsKnown && (
            <WidePanes key={workspaceId} workspaceId={workspaceId} first={first} hasFailed={error !== null} />
          )
        )}
      </div>
    </div>
  );
}

function PhoneWorkspace({ workspaceId, first }: Pick<WidePanesProps, 'workspaceId' | 'first'>) {
  return <PhonePanes home={workspaceId} own={useOwnPanes(workspaceId)} first={first} />;
}

interface WidePanesProps {
  readonly workspaceId: WorkspaceId;
  readonly first: Pane | null;
  /** True where there is no first pane and none will come: the person chooses. */
  readonly hasFailed: boolean;
}

/** One pane by itself until a second one, or a layout that was kept, needs the grid. */
function WidePanes({ workspaceId, first, hasFailed }: WidePanesProps) {
  const [kept] = useState(() => {
    const layout = readLayout(`layout.${workspaceId}`);
    return layout ? panesOf(layout) : [];
  });
  const [asked, setAsked] = useState<readonly ((host: PaneHost) => void)[]>([]);
  // A transition: the pane stays on the screen while the grid is loaded.
  const onGrid = useCallback(
    (ask: (host: PaneHost) => void) => startTransition(() => setAsked((before) => [...before, ask])),
    [],
  );
  const pane = kept[0] ?? first;
  return (
    <Suspense fallback={<div className="h-full" aria-busy="true" />}>
      {kept.length > 1 || asked.length > 0 || hasFailed ? (
        <DockGrid name={`layout.${workspaceId}`} home={workspaceId} first={pane} asked={asked} />
      ) : (
        <SinglePane workspaceId={workspaceId} pane={pane} onGrid={onGrid} />
      )}
    </Suspense>
  );
}

interface FirstPane {
  readonly first: Pane | null;
  readonly error: ApiError | null;
}

function useFirstPane(workspaceId: WorkspaceId, areLayoutsKnown: boolean): FirstPane {
  const isReady = useServerState((state) => state.workspaces[workspaceId]?.state === 'ready');
  const [found, setFound] = useState<FirstPane & { readonly of: WorkspaceId | null }>({
    of: null,
    first: null,
    error: null,
  });
  useEffect(() => {
    // A layout that was kept says what is shown; a person may have closed all agents on purpose.
    if (!isReady || !areLayoutsKnown || readLayout(`layout.${workspaceId}`)) return;
    let isGone = false;
    firstSession(workspaceId).then(
      ({ id }) =>
        !isGone &&
        setFound({ of: workspaceId, first: { kind: 'agent', workspaceId, sessionId: id }, error: null }),
      (thrown: unknown) =>
        !isGone && setFound({ of: workspaceId, first: null, error: ApiError.from(thrown) }),
    );
    return () => {
      isGone = true;
    };
  }, [workspaceId, isReady, areLayoutsKnown]);
  return found.of === workspaceId ? found : { first: null, error: null };
}
