import type { WorkspaceId } from '@farhand/shared/model/ids';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { closeDialog, useView } from '@/client/view-store.ts';
import { openPane } from '../panes/pane-host.ts';
import { PaletteItem, PaletteNote } from './palette-parts.tsx';

/** The files of the workspace on the screen that fit, best first. */
export function FileResults({ text }: { readonly text: string }) {
  const id = useView((view) => view.workspaceId);
  const isReady = useServerState((state) => id !== null && state.workspaces[id]?.state === 'ready');
  if (id === null || !isReady)
    return <PaletteNote>Open a workspace that is ready to look for its files.</PaletteNote>;
  return <Files workspaceId={id} text={text} />;
}

function Files({ workspaceId, text }: { readonly workspaceId: WorkspaceId; readonly text: string }) {
  const { data, error, isPending } = useQuery({
    queryKey: ['files', workspaceId, text],
    queryFn: ({ signal }) => call('workspace.files', { workspaceId, query: text }, { signal }),
    placeholderData: keepPreviousData,
  });
  if (error) return <PaletteNote>{ApiError.from(error).message}</PaletteNote>;
  if (isPending) return <PaletteNote>Looking on the host</PaletteNote>;
  if (data.paths.length === 0) return <PaletteNote>No file fits.</PaletteNote>;
  return data.paths.map((path) => (
    <PaletteItem key={path} value={path} onSelect={() => show({ workspaceId, path })}>
      <FilePath path={path} />
    </PaletteItem>
  ));
}

function show(file: { readonly workspaceId: WorkspaceId; readonly path: string }): void {
  closeDialog();
  // The palette gives the focus back as it goes; the pane that takes it must come after.
  setTimeout(() => openPane({ kind: 'file', ...file }));
}

function FilePath({ path }: { readonly path: string }) {
  const slash = path.lastIndexOf('/') + 1;
  return (
    <span className="flex min-w-0 flex-1 items-baseline gap-2">
      <span className="shrink-0">{path.slice(slash)}</span>
      <span className="min-w-0 truncate text-small text-text-3">{path.slice(0, Math.max(0, slash - 1))}</span>
    </span>
  );
}
