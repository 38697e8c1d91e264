import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace, WorkspaceLosses } from '@farhand/shared/model/workspaces';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useWorkspace } from '@/client/state-store.ts';
import { closeDialog, showWorkspace, viewStore } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { archiveSize } from './archive-size.ts';
import { lostWords } from './lost-words.ts';

interface Way {
  readonly label: string;
  readonly force: boolean;
  readonly forget: boolean;
}

function wayOf(
  workspace: Workspace,
  losses: WorkspaceLosses | undefined,
  error: ApiError | null,
): Way | null {
  if (workspace.state === 'missing') return { label: 'Delete', force: true, forget: true };
  if (workspace.state === 'archived') return { label: 'Delete the archive', force: true, forget: false };
  if (error || losses?.reachable === false) return { label: 'Delete on return', force: true, forget: false };
  if (!losses) return null;
  const words = lostWords(losses);
  return words === null
    ? { label: 'Delete', force: false, forget: false }
    : { label: `Delete with ${words}`, force: true, forget: false };
}

/** Asks before a workspace is deleted, and says what would be lost. */
export default function DeleteDialog({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const workspace = useWorkspace(workspaceId);
  const losses = useQuery({
    queryKey: ['losses', workspaceId],
    queryFn: ({ signal }) => call('workspace.losses', { workspaceId }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const [isDeleting, setIsDeleting] = useState(false);
  if (!workspace) return null;
  const error = losses.error ? ApiError.from(losses.error) : null;
  const way = losses.isFetching ? null : wayOf(workspace, losses.data, error);
  const isAway = !losses.isFetching && (error !== null || losses.data?.reachable === false);
  const remove = async ({ force, forget }: Way) => {
    setIsDeleting(true);
    try {
      await call('workspace.delete', { workspaceId, force, forget });
      if (viewStore.getState().workspaceId === workspaceId) showWorkspace(null);
      closeDialog();
    } catch (thrown) {
      showError('The workspace was not deleted', thrown);
      setIsDeleting(false);
      void losses.refetch();
    }
  };
  return (
    <Dialog
      title={`Delete ${workspace.name}?`}
      description={descriptionOf(workspace, isAway)}
      onClose={closeDialog}
    >
      <DialogBody>
        {losses.isFetching ? (
          <LossesSkeleton />
        ) : (
          <Losses workspace={workspace} losses={losses.data} error={error} />
        )}
      </DialogBody>
      <DialogFooter>
        <Button data-autofocus onClick={closeDialog}>
          Keep
        </Button>
        {isAway && workspace.state !== 'missing' && (
          <Button
            disabled={isDeleting}
            onClick={() => void remove({ label: 'Forget now', force: true, forget: true })}
          >
            Forget now
          </Button>
        )}
        <Button variant="danger" disabled={!way || isDeleting} onClick={() => way && void remove(way)}>
          {isDeleting ? 'Deleting' : (way?.label ?? 'Delete')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function descriptionOf({ state, hostId }: Workspace, isAway: boolean): string | undefined {
  if (state === 'archived') return 'What is kept of it here is removed; it cannot be restored after that.';
  if (state === 'missing') return undefined;
  return `Its folder and its jobs on ${hostName(hostId)} are removed${isAway ? ' when it is back' : ''}.`;
}

function LossesSkeleton() {
  return (
    <output aria-label="Looking at the host" className="flex flex-col gap-2">
      <span className="text-text-2">Looking at what would be lost</span>
      <Skeleton className="h-4 w-64" />
      <Skeleton className="h-4 w-48" />
    </output>
  );
}

interface LossesProps {
  readonly workspace: Workspace;
  readonly losses: WorkspaceLosses | undefined;
  readonly error: ApiError | null;
}

function Losses({ workspace, losses, error }: LossesProps) {
  const host = hostName(workspace.hostId);
  if (workspace.state === 'archived') return <ArchiveLoss workspace={workspace} />;
  if (workspace.state === 'missing')
    return <p>The folder is gone from {host} already. Nothing is left there to lose.</p>;
  if (error || !losses?.reachable) {
    return (
      <div className="flex flex-col gap-2" role="alert">
        <p>{error ? error.message : `${host} does not answer, so nobody can say what would be lost.`}</p>
        <p className="text-text-2">
          The deletion is kept and carried out when {host} is back; until then the workspace waits in the
          list. Forgetting takes it off the list at once; what is on {host}
          {workspace.directory && (
            <>
              {' in '}
              <code className="break-all">{workspace.directory}</code>
            </>
          )}{' '}
          is still removed on its return.
        </p>
      </div>
    );
  }
  if (lostWords(losses) === null)
    return <p>Nothing is lost: there are no uncommitted changes and no commits that only {host} has.</p>;
  return (
    <>
      <LossList
        title="Uncommitted files"
        lines={losses.uncommitted.map((path) => ({ key: path, text: path }))}
      />
      <LossList
        title="Commits that only the host has"
        lines={losses.unpushed.map(({ commit, subject }) => ({
          key: commit,
          mark: commit.slice(0, 8),
          text: subject,
        }))}
      />
    </>
  );
}

function ArchiveLoss({ workspace }: { readonly workspace: Workspace }) {
  const size = archiveSize(workspace);
  return (
    <p>
      The archive{size && ` of ${size}`} holds its branch and its uncommitted work. What was not fetched into
      the project is lost.
    </p>
  );
}

interface LossLine {
  readonly key: string;
  readonly mark?: string;
  readonly text: string;
}

function LossList({ title, lines }: { readonly title: string; readonly lines: readonly LossLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-small font-medium text-text-2">
        {title} <span className="tabular-nums text-text-3">{lines.length}</span>
      </h3>
      <ul
        aria-label={title}
        className="max-h-48 overflow-y-auto rounded-ui border border-hairline bg-field py-1"
      >
        {lines.map(({ key, mark, text }) => (
          <li key={key} className="flex gap-2 px-2 py-0.5 font-mono text-small">
            {mark && <span className="text-text-3">{mark}</span>}
            <span className="min-w-0 break-all">{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
