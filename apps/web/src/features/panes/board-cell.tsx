import { ExternalLink, Maximize2, Minimize2, X } from 'lucide-react';
import { memo, type RefObject, useEffect, useRef, useState } from 'react';
import { KEYMAP } from '@/features/keys/keymap.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { type Pane, paneId } from './pane.ts';
import { PaneContent } from './pane-content.tsx';
import { showInWorkspace } from './pane-host.ts';
import { TabLabel } from './pane-tab.tsx';
import { TabMenu } from './tab-menu.tsx';

interface BoardCellProps {
  readonly pane: Pane;
  readonly isActive: boolean;
  readonly takesFocus: boolean;
  readonly isMaximised: boolean;
  readonly className: string;
  onActive(): void;
  onMaximise(): void;
  onClose(): void;
}

/** A place of the board of all agents. Out of sight it draws nothing. */
export const BoardCell = memo(
  function BoardCell(props: BoardCellProps) {
    const { pane, isActive, takesFocus, isMaximised, onActive, onMaximise, onClose } = props;
    const cell = useRef<HTMLElement>(null);
    const isNear = useIsNear(cell);
    return (
      <section
        ref={cell}
        id={`cell-${paneId(pane)}`}
        className={cx('flex min-h-0 min-w-0 flex-col bg-pane', props.className)}
        onFocusCapture={onActive}
        onPointerDownCapture={onActive}
      >
        <TabMenu pane={pane} onClose={onClose} onMaximise={onMaximise}>
          <header
            className={cx('board-cell-head', isActive && 'board-cell-active')}
            onDoubleClick={onMaximise}
          >
            <TabLabel pane={pane} />
            <span className="flex-1" />
            <IconButton label="Open in its workspace" onClick={() => showInWorkspace(pane)}>
              <ExternalLink className="size-3.5" aria-hidden />
            </IconButton>
            <IconButton
              label={isMaximised ? 'Restore' : 'Maximise'}
              keys={KEYMAP['pane.maximise'].keys}
              onClick={onMaximise}
            >
              {isMaximised ? (
                <Minimize2 className="size-3.5" aria-hidden />
              ) : (
                <Maximize2 className="size-3.5" aria-hidden />
              )}
            </IconButton>
            <IconButton label="Take off the board" onClick={onClose}>
              <X className="size-3.5" aria-hidden />
            </IconButton>
          </header>
        </TabMenu>
        <div className="min-h-0 flex-1">{isNear && <PaneContent pane={pane} isActive={takesFocus} />}</div>
      </section>
    );
  },
  (before, after) =>
    before.pane === after.pane &&
    before.isActive === after.isActive &&
    before.takesFocus === after.takesFocus &&
    before.isMaximised === after.isMaximised &&
    before.className === after.className,
);

// Near enough to be drawn before it is scrolled to.
const MARGIN = '200px';

function useIsNear(of: RefObject<HTMLElement | null>): boolean {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    if (!of.current) return;
    const observer = new IntersectionObserver(([entry]) => setIsNear(entry?.isIntersecting ?? false), {
      rootMargin: MARGIN,
    });
    observer.observe(of.current);
    return () => observer.disconnect();
  }, [of]);
  return isNear;
}
