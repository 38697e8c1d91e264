import type { Workspace } from '@farhand/shared/model/workspaces';
import { Plus, Search } from 'lucide-react';
import { useSeen } from '@/client/seen-store.ts';
import { useHost, useServerState, useSessionsOf } from '@/client/state-store.ts';
import { openDialog, showWorkspace } from '@/client/view-store.ts';
import { Kbd } from '@/ui/kbd.tsx';
import { StatusMark } from '@/ui/status-mark.tsx';
import { HostChip } from '../hosts/host-chip.tsx';
import { useNeedsYou } from '../inbox/inbox-store.ts';
import { KEYMAP } from '../keys/keymap.ts';
import { projectGroups } from '../sidebar/workspace-order.ts';
import { workspaceStatus } from '../workspaces/workspace-status.ts';
import { BoardResults } from './board-results.tsx';
import { matches } from './palette-mode.ts';
import { PaletteItem } from './palette-parts.tsx';

const SHORTEST_SEARCH = 2;

/** The workspaces that fit, first those that need the person. */
export function WorkspaceResults({
  text,
  onSearch,
}: {
  readonly text: string;
  /** Searches transcripts and terminals for the same text. */
  onSearch(): void;
}) {
  const projects = useServerState((state) => state.projects);
  const workspaces = useServerState((state) => state.workspaces);
  const needing = useNeedsYou().map((need) => need.workspaceId);
  const rank = (workspace: Workspace) =>
    needing.includes(workspace.id) ? needing.indexOf(workspace.id) : needing.length;
  const found = projectGroups(projects, workspaces)
    .flatMap(({ project, workspaces: live, archived }) =>
      [...live, ...archived].map((workspace) => ({ workspace, projectName: project.name })),
    )
    .filter(({ workspace, projectName }) =>
      matches(`${workspace.name} ${projectName} ${workspace.hostId} ${workspace.branch}`, text),
    )
    .toSorted((a, b) => rank(a.workspace) - rank(b.workspace));
  return (
    <>
      {found.map(({ workspace, projectName }) => (
        <PaletteItem key={workspace.id} value={workspace.id} onSelect={() => showWorkspace(workspace.id)}>
          <Result workspace={workspace} projectName={projectName} />
        </PaletteItem>
      ))}
      <BoardResults text={text} />
      {text.length >= SHORTEST_SEARCH && (
        <PaletteItem value="search" onSelect={onSearch}>
          <Search aria-hidden="true" className="size-3 shrink-0 text-text-3" />
          <span className="min-w-0 truncate">Search transcripts and terminals for “{text}”</span>
        </PaletteItem>
      )}
      <PaletteItem value="new workspace" onSelect={() => openDialog({ kind: 'new_workspace' })}>
        <Plus aria-hidden="true" className="size-3 text-text-3" />
        <span className="flex-1">New workspace</span>
        <Kbd keys={KEYMAP['workspace.new'].keys} />
      </PaletteItem>
    </>
  );
}

function Result({ workspace, projectName }: { readonly workspace: Workspace; readonly projectName: string }) {
  const sessions = useSessionsOf(workspace.id);
  const host = useHost(workspace.hostId);
  const seen = useSeen();
  return (
    <>
      <StatusMark status={workspaceStatus(workspace, sessions, { host, seen })} />
      <span className="min-w-0 truncate">{workspace.name}</span>
      <span className="min-w-0 flex-1 truncate text-small text-text-3">{projectName}</span>
      <HostChip hostId={workspace.hostId} className="max-w-40 shrink-0" />
    </>
  );
}
