import { parseHostTarget } from '@farhand/shared/model/host-target';
import type { WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useServerState, useWorkspace } from '@/client/state-store.ts';
import { closeDialog, showWorkspace, viewStore } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Segmented } from '@/ui/segmented.tsx';
import { showError } from '@/ui/toast.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { HostField } from '../hosts/host-field.tsx';

/** Asks where a workspace should go, says what travels and what ends, and moves it. */
export default function MoveDialog({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const workspace = useWorkspace(workspaceId);
  return (
    <Dialog
      title={`Move ${workspace?.name ?? 'a workspace'}`}
      description={workspace && `From ${hostName(workspace.hostId)} to another host.`}
      onClose={closeDialog}
    >
      {workspace ? (
        <MoveForm workspace={workspace} />
      ) : (
        <EmptyState title="The workspace is gone">It was deleted meanwhile.</EmptyState>
      )}
    </Dialog>
  );
}

// Fetching the files takes its time: a person may have gone on to something else meanwhile.
const isOpen = () => viewStore.getState().dialog?.kind === 'move_workspace';

const AT_WORK: ReadonlySet<string> = new Set(['working', 'blocked', 'contact_lost']);

function MoveForm({ workspace }: { readonly workspace: Workspace }) {
  const { id: workspaceId, hostId } = workspace;
  const [host, setHost] = useState('');
  const [when, setWhen] = useState<'wait' | 'now'>('wait');
  const [error, setError] = useState<ApiError | null>(null);
  const [isMoving, setIsMoving] = useState(false);
  const working = useServerState(
    (state) =>
      Object.values(state.sessions).filter(
        (session) => session.workspaceId === workspaceId && AT_WORK.has(session.state),
      ).length,
  );
  const target = parseHostTarget(host);
  const isSame = target?.hostId === hostId;
  const move = async () => {
    setIsMoving(true);
    setError(null);
    try {
      await call('workspace.move', { workspaceId, host: host.trim(), now: when === 'now' });
      if (isOpen()) showWorkspace(workspaceId);
    } catch (thrown) {
      if (!isOpen()) return showError('The workspace was not moved', thrown);
      setError(ApiError.from(thrown));
      setIsMoving(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void move();
  };
  const isHostWrong = error?.code.startsWith('host.') === true;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogBody>
        <HostField value={host} onChange={setHost} error={isHostWrong ? error : null} hasFirstFocus />
        {isSame && <p className="text-small text-failed">It is on this host already.</p>}
        <dl className="flex flex-col gap-2">
          <Fate title="Travels">All files, branches, commits, the stash and uncommitted work.</Fate>
          <Fate title="Stays as it is">
            Sessions with their transcripts, the approval policy and its rules.
          </Fate>
          <Fate title="Is lost">Terminals and jobs that run there, and files that git ignores.</Fate>
          <Fate title="Then">The folder on {hostName(hostId)} is removed, once all is on the new host.</Fate>
        </dl>
        {working > 0 && (
          <div className="flex flex-col gap-1">
            <Segmented
              label={working === 1 ? 'One agent is at work' : `${working} agents are at work`}
              value={when}
              onChange={setWhen}
              choices={[
                { value: 'wait', label: 'Wait for the turn’s end' },
                { value: 'now', label: 'Stop now' },
              ]}
            />
            <p className="text-small text-text-3">
              {when === 'wait'
                ? 'It moves when no turn runs any more; a message for later goes on there.'
                : 'Turns are stopped where they are; a new message goes on there.'}
            </p>
          </div>
        )}
        {error && !isHostWrong && <InlineError error={error} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={closeDialog}>{isMoving ? 'Close' : 'Cancel'}</Button>
        <Button type="submit" variant="primary" disabled={target === null || isSame || isMoving}>
          {isMoving ? 'Moving' : target && !isSame ? `Move to ${hostName(target.hostId)}` : 'Move'}
        </Button>
      </DialogFooter>
    </form>
  );
}

function Fate({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[6.5rem_1fr] gap-x-3 phone:grid-cols-1">
      <dt className="text-small leading-5! font-medium text-text-2">{title}</dt>
      <dd className="text-text-2">{children}</dd>
    </div>
  );
}
