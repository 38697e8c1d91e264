import type { WorkspaceId } from '@farhand/shared/model/ids';
import { Plus, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSessionsOf, useTerminalsOf } from '@/client/state-store.ts';
import { IconButton } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { Chooser } from './chooser.tsx';
import { HomeContext } from './home.ts';
import { type Pane, paneId } from './pane.ts';
import { PaneContent } from './pane-content.tsx';
import { setActivePane, setPaneHost } from './pane-host.ts';
import { TabLabel } from './pane-tab.tsx';

/** One pane at a time with a strip of tabs: the workspace's sessions and terminals, and what was opened since. */
export function PhonePanes({
  workspaceId,
  first,
}: {
  readonly workspaceId: WorkspaceId;
  readonly first: Pane | null;
}) {
  const own = useOwnPanes(workspaceId);
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
    <HomeContext value={workspaceId}>
      <div className="flex h-full flex-col">
        <div className="flex h-11 shrink-0 items-stretch border-b border-hairline bg-app">
          <div role="tablist" aria-label="Panes" className="flex min-w-0 flex-1 overflow-x-auto">
            {panes.map((pane) => (
              <PhoneTab
                key={paneId(pane)}
                pane={pane}
                isActive={!isChoosing && pane === active}
                onShow={() => show(pane)}
                onClose={pane.kind === 'diff' || pane.kind === 'file' ? () => close(pane) : null}
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
            <Chooser
              workspaceId={workspaceId}
              openIds={new Set(panes.map(paneId))}
              onChoose={show}
              onClose={active ? () => setIsChoosing(false) : null}
            />
          ) : (
            <PaneContent key={paneId(active)} pane={active} isActive={false} />
          )}
        </div>
      </div>
    </HomeContext>
  );
}

function useOwnPanes(workspaceId: WorkspaceId): readonly Pane[] {
  const sessions = useSessionsOf(workspaceId);
  const terminals = useTerminalsOf(workspaceId);
  return [
    ...sessions.map((session): Pane => ({ kind: 'agent', workspaceId, sessionId: session.id })),
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
  return (
    <div
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
          className="flex h-full items-center pr-3 text-text-3"
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
  const { panes, active, show, close, choose } = strip;
  useEffect(() => setActivePane(active), [active]);
  useEffect(() =>
    setPaneHost({
      open: show,
      split: choose,
      closeActive: () => active && close(active),
      focusStep(step) {
        const next = panes[(panes.findIndex((pane) => pane === active) + step + panes.length) % panes.length];
        if (next) show(next);
      },
      // One pane fills the screen already.
      toggleMaximised: () => undefined,
    }),
  );
}
