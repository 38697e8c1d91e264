import { ExternalLink, Maximize2, Minimize2, X } from 'lucide-react';
import { memo } from 'react';
import { KEYMAP } from '@/features/keys/keymap.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { NearPane } from './near-pane.tsx';
import { type Pane, paneId } from './pane.ts';
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
    return (
      <section
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
        <div className="min-h-0 flex-1">
          <NearPane pane={pane} isActive={takesFocus} />
        </div>
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
