import './pane-tab.css';
import type { SessionId } from '@farhand/shared/model/ids';
import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { Diff, FileText, SquareTerminal, X } from 'lucide-react';
import { type MouseEvent, useContext, useEffect, useRef } from 'react';
import { useSession } from '@/client/state-store.ts';
import { StatusMark } from '@/ui/status-mark.tsx';
import { isChosen } from './broadcast.ts';
import { choose, useBroadcast } from './broadcast-store.ts';
import { HomeContext } from './home.ts';
import type { Pane } from './pane.ts';
import { usePaneTitle } from './pane-title.ts';
import { TabMenu } from './tab-menu.tsx';

/** A tab of the grid: a mark, what the pane is, and a button to close it; the middle mouse button closes also. */
export function PaneTab({ api, params }: IDockviewPanelHeaderProps<Pane>) {
  const onAuxClick = (event: MouseEvent) => {
    if (event.button === 1) api.close();
  };
  const { title } = usePaneTitle(params, useContext(HomeContext));
  // The grid names its tabs and panels by this for screen readers.
  useEffect(() => api.setTitle(title), [api, title]);
  const tab = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const reveal = () => {
      if (api.isVisible) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    };
    reveal();
    // A tab that got another name has another width.
    const ends = [api.onDidVisibilityChange(reveal), api.onDidTitleChange(reveal)];
    return () => {
      for (const end of ends) end.dispose();
    };
  }, [api]);
  const maximise = () => (api.isMaximized() ? api.exitMaximized() : api.maximize());
  return (
    <TabMenu pane={params} onClose={() => api.close()} onMaximise={maximise}>
      <div ref={tab} className="pane-tab group/tab" onAuxClick={onAuxClick}>
        <TabLabel pane={params} />
        <button
          type="button"
          tabIndex={-1}
          aria-label="Close the pane"
          className="pane-tab-close"
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => api.close()}
        >
          <X className="size-3" aria-hidden />
        </button>
      </div>
    </TabMenu>
  );
}

const ICONS = { terminal: SquareTerminal, diff: Diff, file: FileText } as const;

/** A pane's mark and title. */
export function TabLabel({ pane }: { readonly pane: Pane }) {
  const { title, from, status, note } = usePaneTitle(pane, useContext(HomeContext));
  const Icon = pane.kind === 'agent' ? null : ICONS[pane.kind];
  return (
    <>
      {pane.kind === 'agent' && <TakesBroadcast sessionId={pane.sessionId} title={title} />}
      {status && <StatusMark status={status} {...(note !== null && { label: note })} />}
      {Icon && <Icon className="size-3.5 shrink-0 text-text-3" aria-hidden />}
      {from && (
        <span className="max-w-[45%] min-w-8 shrink-0 truncate text-text-3" title={from}>
          {from}
        </span>
      )}
      <span className="min-w-0 truncate" title={note === null ? title : `${title}: ${note}`}>
        {title}
      </span>
    </>
  );
}

// While the bar of the broadcast is open, a tab says whether its session gets the prompt.
function TakesBroadcast({ sessionId, title }: { readonly sessionId: SessionId; readonly title: string }) {
  const isOpen = useBroadcast((state) => state.isOpen);
  const chosen = useBroadcast((state) => state.chosen);
  const session = useSession(sessionId);
  if (!isOpen || !session) return null;
  return (
    <input
      type="checkbox"
      aria-label={`Broadcast to ${title}`}
      className="size-3.5 shrink-0 accent-(--accent) phone:hidden"
      checked={isChosen(session, chosen)}
      onPointerDown={(event) => event.stopPropagation()}
      onChange={({ target }) => choose(sessionId, target.checked)}
    />
  );
}
