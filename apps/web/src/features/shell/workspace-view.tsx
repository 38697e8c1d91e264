import type { Workspace } from '@farhand/shared/model/workspaces';
import dynamic from 'next/dynamic';
import { load } from '@/client/load.ts';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { HostNotice } from '../hosts/host-notice.tsx';
import { ArchivedView } from '../workspaces/archived-view.tsx';
import { MoveNotice } from '../workspaces/move-notice.tsx';
import { moveText } from '../workspaces/move-text.ts';
import { StepsView } from '../workspaces/steps-view.tsx';
import { UnsentMessage } from '../workspaces/unsent-message.tsx';
import { waitText } from '../workspaces/wait-text.ts';

const PaneGrid = dynamic(() => load(() => import('./open-workspace.ts').then((module) => module.PaneGrid)), {
  ssr: false,
  loading: () => <PanesSkeleton />,
});

function PanesSkeleton() {
  return (
    <div aria-busy="true" aria-label="Loading the panes" className="flex h-full flex-col gap-4 bg-pane p-6">
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4 w-3/5" />
      <Skeleton className="mt-auto h-20 w-full" />
    </div>
  );
}

/** The main area of a workspace: the steps of its making, its panes, or why there are none. */
export function WorkspaceView({ workspace }: { readonly workspace: Workspace }) {
  if (workspace.state === 'creating' || workspace.state === 'failed')
    return <StepsView workspace={workspace} />;
  if (workspace.state === 'archived') return <ArchivedView workspace={workspace} />;
  return (
    <>
      <HostNotice hostId={workspace.hostId} />
      <MoveNotice workspace={workspace} />
      <OnHost workspace={workspace} />
    </>
  );
}

const GOING = {
  deleting: { title: 'Deleting', text: 'Its jobs are ended and its folder is removed from' },
  archiving: {
    title: 'Archiving',
    text: 'Its work is kept here, then its folder and its jobs are removed from',
  },
} as const;

function OnHost({ workspace }: { readonly workspace: Workspace }) {
  const moving = moveText(workspace);
  if (moving && workspace.state === 'archiving') {
    return <EmptyState title={moving.title}>{moving.text}</EmptyState>;
  }
  if (workspace.state === 'deleting' || workspace.state === 'archiving') {
    const { title, text } = GOING[workspace.state];
    return (
      <EmptyState title={`${title} ${workspace.name}`}>
        <p>
          {text} {hostName(workspace.hostId)}.
        </p>
        {workspace.isWaitingForHost && <p className="mt-1 text-blocked">{waitText(workspace)?.long}</p>}
      </EmptyState>
    );
  }
  if (workspace.state === 'missing') return <Missing workspace={workspace} />;
  return (
    <>
      <UnsentMessage workspaceId={workspace.id} />
      <div className="relative min-h-0 flex-1">
        <PaneGrid workspaceId={workspace.id} key={workspace.id} />
      </div>
    </>
  );
}

function Missing({ workspace }: { readonly workspace: Workspace }) {
  const actions = (
    <>
      <Button
        variant="primary"
        onClick={() => openDialog({ kind: 'new_workspace', projectId: workspace.projectId })}
      >
        New workspace
      </Button>
      <Button onClick={() => openDialog({ kind: 'delete_workspace', workspaceId: workspace.id })}>
        Delete
      </Button>
    </>
  );
  return (
    <EmptyState title={`${workspace.name} is gone from ${hostName(workspace.hostId)}`} actions={actions}>
      <p>Its folder was removed there, not by Farhand. What was not committed elsewhere is lost.</p>
      {workspace.directory && <code className="text-small break-all text-text-3">{workspace.directory}</code>}
    </EmptyState>
  );
}
