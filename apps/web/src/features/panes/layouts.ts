import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { SerializedDockview } from 'dockview-react';
import { preferenceNames, readPreference, writePreference } from '../../client/preferences.ts';
import { stateStore } from '../../client/state-store.ts';
import { parseLayout } from './layout.ts';

/** The name under which a grid's layout is kept for the person. */
export type LayoutName = `layout.${WorkspaceId}` | `board.${string}`;

/** The layout kept for a grid; null when there is none that can be used. */
export const readLayout = (name: LayoutName): SerializedDockview | null => parseLayout(readPreference(name));

/** Keeps a grid's layout for the person, in this browser at once and on the server soon. */
export const writeLayout = (name: LayoutName, layout: SerializedDockview): void =>
  writePreference(name, JSON.stringify(layout));

/** Forgets the layouts of workspaces that are gone, for the server keeps a bounded number of preferences. */
export function forgetOldLayouts(): void {
  const { isLoaded, workspaces } = stateStore.getState();
  if (!isLoaded) return;
  for (const name of preferenceNames()) {
    const id = /^layout\.(ws_.+)$/.exec(name)?.[1];
    if (id !== undefined && !(id in workspaces)) writePreference(name, null);
  }
}
