import 'dockview-react/dist/styles/dockview.css';
import './dock.css';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import {
  type DockviewApi,
  DockviewReact,
  type DockviewReadyEvent,
  type DockviewTheme,
  type IDockviewHeaderActionsProps,
  type IDockviewPanelProps,
  type IWatermarkPanelProps,
} from 'dockview-react';
import { Maximize2, Minimize2 } from 'lucide-react';
import { useContext, useEffect, useRef, useState } from 'react';
import { KEYMAP } from '@/features/keys/keymap.ts';
import { IconButton } from '@/ui/button.tsx';
import { Chooser } from './chooser.tsx';
import { dockHost } from './dock-host.ts';
import { DockViewport } from './dock-viewport.tsx';
import { HomeContext } from './home.ts';
import { type LayoutName, readLayout, writeLayout } from './layouts.ts';
import { NearPane } from './near-pane.tsx';
import { type Pane, parsePane } from './pane.ts';
import { PaneContent } from './pane-content.tsx';
import { type PaneHost, setActivePane, setPaneHost, setShownPanes } from './pane-host.ts';
import { PaneTab } from './pane-tab.tsx';
import { addPane } from './place.ts';
import { PlaceActions } from './place-actions.tsx';
import { useLivePanes } from './use-live-panes.ts';

const THEME: DockviewTheme = {
  name: 'farhand',
  className: 'dockview-theme-farhand',
  gap: 0,
  dndOverlayMounting: 'absolute',
  dndPanelOverlay: 'group',
};

interface DockGridProps {
  /** Under which its layout is kept. */
  readonly name: LayoutName;
  /** The workspace whose grid it is; null for a board. */
  readonly home: WorkspaceId | null;
  /** Shown where there is no layout yet; null until it is known. */
  readonly first: Pane | null;
  /** What was asked of the panes before there was a grid, done once it is there. */
  readonly asked: readonly ((host: PaneHost) => void)[];
}

/** Panes side by side, split and dragged; laid out as they were left. */
export function DockGrid({ name, home, first, asked }: DockGridProps) {
  const [api, setApi] = useState<DockviewApi | null>(null);
  useHost(api, home === null);
  useRememberedLayout(api, name);
  useLivePanes(api);
  const hasBegun = useRef(false);
  useEffect(() => {
    if (!api || hasBegun.current || (!first && asked.length === 0)) return;
    hasBegun.current = true;
    if (first && api.panels.length === 0) addPane(api, first, 'fitting');
    for (const ask of asked) ask(dockHost(api, home === null));
  }, [api, first, asked, home]);
  const onReady = (event: DockviewReadyEvent) => {
    const layout = readLayout(name);
    if (layout) restore(event.api, layout);
    setApi(event.api);
  };
  return (
    <HomeContext value={home}>
      <DockViewport api={api} isBoard={home === null}>
        <DockviewReact
          className="h-full"
          theme={THEME}
          components={COMPONENTS}
          tabComponents={TABS}
          rightHeaderActionsComponent={HeaderActions}
          watermarkComponent={Watermark}
          disableFloatingGroups
          scrollbars="native"
          onReady={onReady}
        />
      </DockViewport>
    </HomeContext>
  );
}

function restore(api: DockviewApi, layout: NonNullable<ReturnType<typeof readLayout>>): void {
  try {
    api.fromJSON(layout);
  } catch {
    // A layout that the grid itself refuses: begin with the default one.
    api.clear();
  }
}

function useHost(api: DockviewApi | null, isBoard: boolean): void {
  useEffect(() => {
    if (!api) return;
    const forget = setPaneHost(dockHost(api, isBoard));
    const tell = () => setActivePane(parsePane(api.activePanel?.params));
    tell();
    const list = () => setShownPanes(api.panels.flatMap((panel) => parsePane(panel.params) ?? []));
    list();
    const changes = [api.onDidActivePanelChange(tell), api.onDidLayoutChange(list)];
    return () => {
      for (const change of changes) change.dispose();
      forget();
    };
  }, [api, isBoard]);
}

// A border that is dragged changes the layout with every frame.
const WRITE_AFTER_MS = 300;

function useRememberedLayout(api: DockviewApi | null, name: LayoutName): void {
  useEffect(() => {
    if (!api) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      clearTimeout(timer);
      // A place where nothing was chosen yet is not worth coming back to.
      if (api.groups.some((group) => group.panels.length === 0) || api.hasMaximizedGroup()) return;
      writeLayout(name, api.toJSON());
    };
    const change = api.onDidLayoutChange(() => {
      clearTimeout(timer);
      timer = setTimeout(write, WRITE_AFTER_MS);
    });
    window.addEventListener('pagehide', write);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', write);
      change.dispose();
    };
  }, [api, name]);
}

/** A pane that is out of sight is not drawn at all. */
function DockPane({ api, params }: IDockviewPanelProps<Pane>) {
  const [isVisible, setIsVisible] = useState(api.isVisible);
  const [isActive, setIsActive] = useState(api.isGroupActive && api.isActive);
  useEffect(() => {
    const tell = () => {
      setIsVisible(api.isVisible);
      setIsActive(api.isGroupActive && api.isActive);
    };
    tell();
    const events = [
      api.onDidVisibilityChange(tell),
      api.onDidActiveGroupChange(tell),
      api.onDidActiveChange(tell),
    ];
    return () => {
      for (const event of events) event.dispose();
    };
  }, [api]);
  // A board may be higher than the window; the panes of a workspace are all seen at once.
  const Content = useContext(HomeContext) === null ? NearPane : PaneContent;
  return isVisible ? <Content pane={params} isActive={isActive} /> : null;
}

const COMPONENTS = { agent: DockPane, terminal: DockPane, diff: DockPane, file: DockPane };
const TABS = { pane: PaneTab };

function Watermark({ containerApi, group }: IWatermarkPanelProps) {
  const home = useContext(HomeContext);
  const openIds = new Set(containerApi.panels.map((panel) => panel.id));
  return (
    <Chooser
      workspaceId={home}
      openIds={openIds}
      onChoose={(pane) => addPane(containerApi, pane, 'fitting', group)}
      onClose={group && containerApi.groups.length > 1 ? () => containerApi.removeGroup(group) : null}
    />
  );
}

function HeaderActions({ containerApi, group, activePanel }: IDockviewHeaderActionsProps) {
  const home = useContext(HomeContext);
  const workspaceId = parsePane(activePanel?.params)?.workspaceId ?? home;
  const [isMaximised, setIsMaximised] = useState(false);
  useEffect(() => {
    const change = containerApi.onDidMaximizedGroupChange(() => setIsMaximised(group.api.isMaximized()));
    return () => change.dispose();
  }, [containerApi, group]);
  const within = (run: () => void) => () => {
    group.api.setActive();
    run();
  };
  return (
    <PlaceActions
      workspaceId={workspaceId}
      host={() => dockHost(containerApi, home === null)}
      within={within}
    >
      <IconButton
        label={isMaximised ? 'Restore' : 'Maximise'}
        keys={KEYMAP['pane.maximise'].keys}
        onClick={within(() => dockHost(containerApi, home === null).toggleMaximised())}
      >
        {isMaximised ? (
          <Minimize2 className="size-3.5" aria-hidden />
        ) : (
          <Maximize2 className="size-3.5" aria-hidden />
        )}
      </IconButton>
    </PlaceActions>
  );
}
