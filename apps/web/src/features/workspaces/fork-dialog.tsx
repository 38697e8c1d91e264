import type { SessionId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Workspace } from '@farhand/shared/model/workspaces';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { stateStore, useServerState, useWorkspace } from '@/client/state-store.ts';
import { closeDialog, showWorkspace } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Segmented } from '@/ui/segmented.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { HostField } from '../hosts/host-field.tsx';
import { forkName } from './fork-name.ts';

interface ForkDialogProps {
  readonly workspaceId: WorkspaceId;
  /** The session that goes along; without one only the work is forked. */
  readonly sessionId?: SessionId | undefined;
}

/** Asks for the name and the host of a fork, of a workspace or of one of its sessions, and makes it. */
export default function ForkDialog({ workspaceId, sessionId }: ForkDialogProps) {
  const workspace = useWorkspace(workspaceId);
  const title = useServerState((state) => (sessionId ? state.sessions[sessionId]?.title : undefined));
  return (
    <Dialog
      title={sessionId ? `Fork “${title || 'New session'}”` : `Fork ${workspace?.name ?? 'a workspace'}`}
      description="A workspace of its own with the same commits and uncommitted work. What is forked stays as it is."
      onClose={closeDialog}
    >
      {workspace ? (
        <ForkForm workspace={workspace} sessionId={sessionId} />
      ) : (
        <EmptyState title="The workspace is gone">It was deleted meanwhile.</EmptyState>
      )}
    </Dialog>
  );
}

interface ForkFormProps {
  readonly workspace: Workspace;
  readonly sessionId: SessionId | undefined;
}

function ForkForm({ workspace, sessionId }: ForkFormProps) {
  const { id: workspaceId, hostId } = workspace;
  const [name, setName] = useState(() => forkName(workspace, stateStore.getState().workspaces));
  const [host, setHost] = useState<string>(hostId);
  const [history, setHistory] = useState<'with' | 'without'>('with');
  const [error, setError] = useState<ApiError | null>(null);
  const [isForking, setIsForking] = useState(false);
  const fork = async () => {
    setIsForking(true);
    setError(null);
    const place = { name: name.trim(), host: host.trim() === hostId ? null : host.trim() };
    try {
      const made = sessionId
        ? await call('session.fork', { sessionId, withHistory: history === 'with', ...place })
        : await call('workspace.fork', { workspaceId, ...place });
      showWorkspace(made.workspace.id);
    } catch (thrown) {
      setError(ApiError.from(thrown));
      setIsForking(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void fork();
  };
  const isNameWrong = error?.code === 'workspace.name_taken';
  const isHostWrong = error?.code.startsWith('host.') === true;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <DialogBody>
        <Field label="Name" error={isNameWrong ? error : null}>
          {(control) => (
            <Input
              {...control}
              data-autofocus
              required
              maxLength={64}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <HostField value={host} onChange={setHost} error={isHostWrong ? error : null} />
        {sessionId && (
          <div className="flex flex-col gap-1">
            <Segmented
              label="The conversation"
              value={history}
              onChange={setHistory}
              choices={[
                { value: 'with', label: 'With its history' },
                { value: 'without', label: 'Begins anew' },
              ]}
            />
            <p className="text-small text-text-3">
              {history === 'with'
                ? 'The same agent, and it knows what was said so far.'
                : 'The same agent, with an empty transcript.'}
            </p>
          </div>
        )}
        {error && !isNameWrong && !isHostWrong && <InlineError error={error} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={closeDialog}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={name.trim() === '' || host.trim() === '' || isForking}
        >
          {isForking ? 'Forking' : 'Fork'}
        </Button>
      </DialogFooter>
    </form>
  );
}
