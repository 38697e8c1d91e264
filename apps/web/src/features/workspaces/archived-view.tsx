import type { Workspace } from '@farhand/shared/model/workspaces';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { archiveSize } from './archive-size.ts';
import { restore } from './workspace-actions.ts';

/** The main area of an archived workspace: what is kept of it, and how it comes back. */
export function ArchivedView({ workspace }: { readonly workspace: Workspace }) {
  const host = hostName(workspace.hostId);
  const at = workspace.archive && new Date(workspace.archive.at);
  return (
    <EmptyState
      title={`${workspace.name} is archived`}
      actions={
        <>
          <Button variant="primary" onClick={() => restore(workspace)}>
            Restore
          </Button>
          <Button onClick={() => openDialog({ kind: 'delete_workspace', workspaceId: workspace.id })}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        Nothing of it is left on {host}. Its branch, uncommitted work and transcripts are kept here
        {workspace.archive && <span className="whitespace-nowrap"> ({archiveSize(workspace)})</span>} and come
        back with Restore.
      </p>
      {at && (
        <p className="mt-1 text-small text-text-3">
          Archived on{' '}
          <time dateTime={at.toISOString()}>
            {at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
          </time>
        </p>
      )}
    </EmptyState>
  );
}
