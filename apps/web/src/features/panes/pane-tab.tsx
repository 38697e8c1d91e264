import './pane-tab.css';
import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { Diff, FileText, SquareTerminal, X } from 'lucide-react';
import { type MouseEvent, useContext, useEffect } from 'react';
import { StatusMark } from '@/ui/status-mark.tsx';
import { HomeContext } from './home.ts';
import type { Pane } from './pane.ts';
import { usePaneTitle } from './pane-title.ts';

/** A tab of the grid: a mark, what the pane is, and a button to close it; the middle mouse button closes also. */
export function PaneTab({ api, params }: IDockviewPanelHeaderProps<Pane>) {
  const onAuxClick = (event: MouseEvent) => {
    if (event.button === 1) api.close();
  };
  const { title } = usePaneTitle(params, useContext(HomeContext));
  // The grid names its tabs and panels by this for screen readers.
  useEffect(() => api.setTitle(title), [api, title]);
  return (
    <div className="pane-tab group/tab" onAuxClick={onAuxClick}>
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
  );
}

const ICONS = { terminal: SquareTerminal, diff: Diff, file: FileText } as const;

/** A pane's mark and title. */
export function TabLabel({ pane }: { readonly pane: Pane }) {
  const { title, from, status } = usePaneTitle(pane, useContext(HomeContext));
  const Icon = pane.kind === 'agent' ? null : ICONS[pane.kind];
  return (
    <>
      {status && <StatusMark status={status} />}
      {Icon && <Icon className="size-3.5 shrink-0 text-text-3" aria-hidden />}
      {from && <span className="shrink-0 text-text-3">{from}</span>}
      <span className="min-w-0 truncate" title={title}>
        {title}
      </span>
    </>
  );
}
