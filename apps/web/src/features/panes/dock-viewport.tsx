import type { DockviewApi } from 'dockview-react';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { LEAST_PLACE, type Size } from './even-layout.ts';

interface DockViewportProps {
  readonly api: DockviewApi | null;
  readonly isBoard: boolean;
  /** The grid. */
  readonly children: ReactNode;
}

/** Where a grid is seen: it fills this place, and scrolls in it where its panes need more. */
export function DockViewport({ api, isBoard, children }: DockViewportProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const needed = useNeeded(api, isBoard);
  useLayoutEffect(() => {
    const seen = viewport.current;
    if (!api || !seen) return;
    // The grid itself would notice a frame later.
    api.layout(Math.max(seen.clientWidth, needed.width), Math.max(seen.clientHeight, needed.height));
    reveal(api);
  }, [api, needed]);
  return (
    <div ref={viewport} className="dock-viewport h-full overflow-auto">
      <div className="h-full" style={{ minWidth: needed.width, minHeight: needed.height }}>
        {children}
      </div>
    </div>
  );
}

/** How much of a grid is seen at once. */
export function seenSize({ groups, width, height }: DockviewApi): Size {
  const viewport = groups[0]?.element.closest('.dock-viewport');
  return viewport ? { width: viewport.clientWidth, height: viewport.clientHeight } : { width, height };
}

/** Brings the active place of a grid to where it is seen. */
export const reveal = ({ activeGroup }: DockviewApi): void =>
  activeGroup?.element.scrollIntoView({ block: 'nearest', inline: 'nearest' });

const NOTHING: Size = { width: 0, height: 0 };

function useNeeded(api: DockviewApi | null, isBoard: boolean): Size {
  const [needed, setNeeded] = useState(NOTHING);
  useLayoutEffect(() => {
    if (!api) return;
    const measure = () => {
      if (isBoard) for (const group of api.groups) keepUsable(group);
      const { minimumWidth: width, minimumHeight: height } = api;
      setNeeded((before) =>
        before.width === width && before.height === height ? before : { width, height },
      );
    };
    measure();
    const changes = [
      api.onDidAddGroup(measure),
      api.onDidRemoveGroup(measure),
      api.onDidLayoutChange(measure),
      api.onDidMaximizedGroupChange(measure),
    ];
    return () => {
      for (const change of changes) change.dispose();
    };
  }, [api, isBoard]);
  return needed;
}

type Group = DockviewApi['groups'][number];

// Once for each: what is changed again is not laid out anew.
function keepUsable({ minimumHeight, api }: Group): void {
  const { width, height } = LEAST_PLACE;
  if (minimumHeight !== height) api.setConstraints({ minimumWidth: width, minimumHeight: height });
}
