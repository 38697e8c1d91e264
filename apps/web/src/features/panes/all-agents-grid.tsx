import './pane-tab.css';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { seenStore } from '@/client/seen-store.ts';
import { stateStore } from '@/client/state-store.ts';
import { useIsPhone } from '@/client/use-media.ts';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { EmptyState } from '@/ui/empty-state.tsx';
import { nextShown } from './all-agents.ts';
import { BoardCell } from './board-cell.tsx';
import { evenColumns, LEAST_PLACE } from './even-layout.ts';
import { HomeContext } from './home.ts';
import { type Pane, paneId } from './pane.ts';
import { setActivePane, setPaneHost, setShownPanes, showPane } from './pane-host.ts';
import { PhonePanes } from './phone-panes.tsx';

/** Every agent that works or needs the person, in places of equal size. */
export function AllAgents() {
  const isPhone = useIsPhone();
  const { shown, close, bringBack } = useShown();
  if (shown.length === 0) return <Nobody onBringBack={bringBack} />;
  return isPhone ? (
    <PhonePanes home={null} own={shown} first={shown[0] ?? null} />
  ) : (
    <EvenGrid panes={shown} onClose={close} />
  );
}

// An agent that streams changes the state many times a second; what is shown here seldom changes with it.
function useShown() {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<readonly Pane[]>(() => shownAfter([], closed));
  useEffect(() => {
    const update = () => setShown((before) => shownAfter(before, closed));
    update();
    const ends = [stateStore.subscribe(update), seenStore.subscribe(update)];
    return () => {
      for (const end of ends) end();
    };
  }, [closed]);
  return {
    shown,
    close: (pane: Pane) => setClosed((before) => new Set([...before, paneId(pane)])),
    /** Null where nothing was taken off. */
    bringBack: closed.size > 0 ? () => setClosed(new Set<string>()) : null,
  };
}

const shownAfter = (before: readonly Pane[], closed: ReadonlySet<string>) =>
  nextShown(before, closed, { ...stateStore.getState(), seen: seenStore.getState() });

function Nobody({ onBringBack }: { readonly onBringBack: (() => void) | null }) {
  useEffect(() => setShownPanes([]), []);
  return (
    <div className="flex h-full">
      <EmptyState
        title={onBringBack ? 'Nothing else is at work' : 'No agent is at work'}
        actions={
          <>
            {onBringBack && <Button onClick={onBringBack}>Show what was taken off</Button>}
            <Button variant="primary" onClick={() => openDialog({ kind: 'new_workspace' })}>
              New workspace
            </Button>
          </>
        }
      >
        Every session that works or needs you stands here, whatever its workspace.
      </EmptyState>
    </div>
  );
}

interface EvenGridProps {
  readonly panes: readonly Pane[];
  onClose(pane: Pane): void;
}

function EvenGrid({ panes, onClose }: EvenGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const size = useSize(grid);
  const [active, setActive] = useState<Pane | null>(null);
  const [maximised, setMaximised] = useState<Pane | null>(null);
  // What a key goes to takes the focus; what a mouse points at has it already.
  const [keyed, setKeyed] = useState<Pane | null>(null);
  const large = maximised && panes.includes(maximised) ? maximised : null;
  const columns = large ? 1 : evenColumns(panes.length, size);
  const rows = large ? 1 : Math.ceil(panes.length / columns);
  // Places of the last row that no pane takes.
  const empty = rows * columns - panes.length;
  const current = active && panes.includes(active) ? active : null;
  useGridHost({ panes, current, setActive, setKeyed, setMaximised, onClose });
  return (
    <HomeContext value={null}>
      <div
        ref={grid}
        className="grid h-full overflow-y-auto bg-hairline"
        style={{
          gap: 1,
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          gridAutoRows: `max(${LEAST_PLACE.height}px, calc((100% - ${rows - 1}px) / ${rows}))`,
        }}
      >
        {panes.map((pane) => (
          <BoardCell
            key={paneId(pane)}
            pane={pane}
            isActive={pane === current}
            takesFocus={pane === keyed}
            isMaximised={pane === large}
            className={cx(large !== null && pane !== large && 'hidden')}
            onActive={() => setActive(pane)}
            onMaximise={() => setMaximised(pane === large ? null : pane)}
            onClose={() => onClose(pane)}
          />
        ))}
        {!large && empty > 0 && <div className="bg-pane" style={{ gridColumn: `span ${empty}` }} />}
      </div>
    </HomeContext>
  );
}

function useSize(of: RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 1200, height: 800 });
  useEffect(() => {
    if (!of.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(of.current);
    return () => observer.disconnect();
  }, [of]);
  return size;
}

interface GridState {
  readonly panes: readonly Pane[];
  readonly current: Pane | null;
  setActive(pane: Pane): void;
  setKeyed(pane: Pane): void;
  setMaximised(change: (before: Pane | null) => Pane | null): void;
  onClose(pane: Pane): void;
}

function useGridHost(grid: GridState): void {
  const { panes, current } = grid;
  const latest = useRef(grid);
  useLayoutEffect(() => {
    latest.current = grid;
  });
  useEffect(() => setShownPanes(panes), [panes]);
  // One host for as long as the board is shown: it asks for the state of the moment.
  useEffect(
    () =>
      setPaneHost({
        focus: (pane) => focusPane(latest.current, pane),
        // This board lays itself out: what is opened from it is shown in its workspace.
        open: (pane) => showPane(pane),
        openAgain: () => undefined,
        split: () => undefined,
        arrange: () => undefined,
        closeActive() {
          const { current: shown, onClose } = latest.current;
          if (shown) onClose(shown);
        },
        focusStep: (step) => stepFrom(latest.current, step),
        toggleMaximised() {
          const { current: shown, panes: all, setMaximised } = latest.current;
          setMaximised((before) => (before ? null : (shown ?? all[0] ?? null)));
        },
      }),
    [],
  );
  useEffect(() => setActivePane(current), [current]);
}

function go({ setMaximised, setActive, setKeyed }: GridState, pane: Pane): void {
  setMaximised((before) => before && pane);
  setActive(pane);
  setKeyed(pane);
  document.getElementById(`cell-${paneId(pane)}`)?.scrollIntoView({ block: 'nearest' });
}

function focusPane(grid: GridState, pane: Pane): boolean {
  const there = grid.panes.find((other) => paneId(other) === paneId(pane));
  if (there) go(grid, there);
  return there !== undefined;
}

function stepFrom(grid: GridState, step: 1 | -1): void {
  const { panes, current } = grid;
  const at = current ? panes.indexOf(current) : step > 0 ? -1 : 0;
  const next = panes[(at + step + panes.length) % panes.length];
  if (next) go(grid, next);
}
