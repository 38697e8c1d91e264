import type { WorkspaceId } from '@farhand/shared/model/ids';
import { Plus, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { load } from '@/client/load.ts';
import { useSessionsOf, useTerminalsOf } from '@/client/state-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { HomeContext } from './home.ts';
import { type Pane, paneId } from './pane.ts';
import { PaneContent } from './pane-content.tsx';
import { setActivePane, setPaneHost, setShownPanes } from './pane-host.ts';
import { TabLabel } from './pane-tab.tsx';

const Chooser = lazy(() =>
  load(() => import('./chooser.tsx').then((module) => ({ default: module.Chooser }))),
);

interface PhonePanesProps {
  /** The workspace whose panes they are; null on a board. */
  readonly home: WorkspaceId | null;
  /** Panes that are always there. */
  readonly own: readonly Pane[];
  readonly first: Pane | null;
}

/** One pane at a time with a strip of tabs: those that belong here, and what was opened since. */
export function PhonePanes({ home, own, first }: PhonePanesProps) {
  const [opened, setOpened] = useState<readonly Pane[]>([]);
  const [activeId, setActiveId] = useState<string | null>(null);
  const [isChoosing, setIsChoosing] = useState(false);
  const panes = [...own, ...opened.filter((pane) => !own.some((other) => paneId(other) === paneId(pane)))];
  const active =
    panes.find((pane) => paneId(pane) === activeId) ??
    panes.find((pane) => first && paneId(pane) === paneId(first)) ??
    panes[0] ??
    null;

  const show = (pane: Pane) => {
    setOpened((before) =>
      before.some((other) => paneId(other) === paneId(pane)) ? before : [...before, pane],
    );
    setActiveId(paneId(pane));
    setIsChoosing(false);
  };
  const close = (pane: Pane) =>
    setOpened((before) => before.filter((other) => paneId(other) !== paneId(pane)));
  usePhoneHost({ panes, active, show, close, choose: () => setIsChoosing(true) });

  return (
    <HomeContext value={home}>
      <div className="flex h-full flex-col">
        <div className="flex h-12 shrink-0 items-stretch border-b border-hairline bg-app">
          <div role="tablist" aria-label="Panes" className="flex min-w-0 flex-1 overflow-x-auto">
            {panes.map((pane) => (
              <PhoneTab
                key={paneId(pane)}
                pane={pane}
                isActive={!isChoosing && pane === active}
                onShow={() => show(pane)}
                onClose={own.includes(pane) ? null : () => close(pane)}
              />
            ))}
          </div>
          <IconButton
            label="Open something else"
            aria-pressed={isChoosing}
            onClick={() => setIsChoosing((is) => !is)}
            className="m-0.5"
          >
            <Plus className="size-4" aria-hidden />
          </IconButton>
        </div>
        <div className="min-h-0 flex-1">
          {isChoosing || !active ? (
            <Suspense fallback={<div className="h-full" aria-busy="true" />}>
              <Chooser
                workspaceId={home}
                openIds={new Set(panes.map(paneId))}
                onChoose={show}
                onClose={active ? () => setIsChoosing(false) : null}
              />
            </Suspense>
          ) : (
            <PaneContent key={paneId(active)} pane={active} isActive={false} />
          )}
        </div>
      </div>
    </HomeContext>
  );
}

/** A workspace's sessions and terminals. */
export function useOwnPanes(workspaceId: WorkspaceId): readonly Pane[] {
  const sessions = useSessionsOf(workspaceId);
  const terminals = useTerminalsOf(workspaceId);
  return [
    ...sessions
      .filter((session) => session.parent?.kind !== 'subagent')
      .map((session): Pane => ({ kind: 'agent', workspaceId, sessionId: session.id })),
    ...terminals.map((terminal): Pane => ({ kind: 'terminal', workspaceId, terminalId: terminal.id })),
  ];
}

interface PhoneTabProps {
  readonly pane: Pane;
  readonly isActive: boolean;
  onShow(): void;
  onClose: (() => void) | null;
}

function PhoneTab({ pane, isActive, onShow, onClose }: PhoneTabProps) {
  const tab = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isActive]);
  return (
    <div
      ref={tab}
      className={cx(
        'flex max-w-52 shrink-0 items-center border-b-2',
        isActive ? 'border-accent-text text-text' : 'border-transparent text-text-2',
      )}
    >
      <button
        type="button"
        role="tab"
        aria-selected={isActive}
        onClick={onShow}
        className="flex h-full min-w-0 items-center gap-1.5 px-3"
      >
        <TabLabel pane={pane} />
      </button>
      {onClose && (
        <button
          type="button"
          aria-label="Close the pane"
          onClick={onClose}
          className="flex h-full min-w-11 items-center justify-center text-text-3"
        >
          <X className="size-3.5" aria-hidden />
        </button>
      )}
    </div>
  );
}

interface Strip {
  readonly panes: readonly Pane[];
  readonly active: Pane | null;
  show(pane: Pane): void;
  close(pane: Pane): void;
  choose(): void;
}

function usePhoneHost(strip: Strip): void {
  const { panes, active } = strip;
  const latest = useRef(strip);
  useLayoutEffect(() => {
    latest.current = strip;
  });
  useEffect(() => setShownPanes(panes));
  // One host for as long as the strip is shown: what is told of it draws what is around the strip.
  useEffect(
    () =>
      setPaneHost({
        open: (pane) => latest.current.show(pane),
        openAgain: (pane) => latest.current.show(pane),
        arrange: () => undefined,
        split: () => latest.current.choose(),
        closeActive() {
          const { active: shown, close } = latest.current;
          if (shown) close(shown);
        },
        focusStep: (step) => stepFrom(latest.current, step),
        // One pane fills the screen already.
        toggleMaximised: () => undefined,
      }),
    [],
  );
  useEffect(() => setActivePane(active), [active]);
}

function stepFrom({ panes, active, show }: Strip, step: 1 | -1): void {
  const next = panes[(panes.findIndex((pane) => pane === active) + step + panes.length) % panes.length];
  if (next) show(next);
}
