import { useEffect } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { useView } from '@/client/view-store.ts';
import { useNeedsYou } from '../inbox/use-needs-you.ts';

/** Names the browser's tab after the workspace, with how many things need the person. */
export function useDocumentTitle(): void {
  const id = useView((view) => view.workspaceId);
  const name = useServerState((state) => (id === null ? undefined : state.workspaces[id]?.name));
  const { length } = useNeedsYou();
  useEffect(() => {
    document.title = `${length > 0 ? `(${length}) ` : ''}${name ? `${name} · ` : ''}Farhand`;
  }, [name, length]);
}
