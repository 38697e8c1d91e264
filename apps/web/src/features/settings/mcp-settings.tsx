import type { ProjectId } from '@farhand/shared/model/ids';
import type { McpServer } from '@farhand/shared/model/mcp';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { showError } from '@/ui/toast.tsx';
import { McpForm } from './mcp-form.tsx';
import { ProjectPart } from './project-part.tsx';
import { Asked, SetList } from './set-list.tsx';

/** The MCP servers of a project: added, changed, turned on and off, removed. */
export function McpSettings({ initialProject }: { readonly initialProject: ProjectId | undefined }) {
  return (
    <DialogBody>
      <p className="text-text-2">
        Agents of the project’s workspaces get the tools of these servers, under the workspace’s approval
        policy. A command runs on the workspace’s host, an address is reached from the server’s machine.
      </p>
      <ProjectPart
        initialProject={initialProject}
        otherwise="MCP servers belong to a project. Add one with a new workspace."
      >
        {(projectId) => <ServerList key={projectId} projectId={projectId} />}
      </ProjectPart>
    </DialogBody>
  );
}

const keyOf = (projectId: ProjectId) => ['mcp', projectId] as const;
const refresh = (projectId: ProjectId) => queryClient.invalidateQueries({ queryKey: keyOf(projectId) });

function ServerList({ projectId }: { readonly projectId: ProjectId }) {
  const query = useQuery({
    queryKey: keyOf(projectId),
    queryFn: () => call('mcp.list', { projectId }),
  });
  const [edited, setEdited] = useState<McpServer | 'new' | null>(null);
  const close = () => {
    setEdited(null);
    void refresh(projectId);
  };
  return (
    <Asked query={query}>
      {({ servers }) => (
        <>
          <SetList items={servers}>
            {(server) => <ServerRow key={server.name} server={server} onEdit={() => setEdited(server)} />}
          </SetList>
          {edited !== null || servers.length === 0 ? (
            <McpForm
              key={edited === null || edited === 'new' ? '' : edited.name}
              projectId={projectId}
              server={edited === 'new' ? null : edited}
              takenNames={servers.map(({ name }) => name)}
              onDone={close}
              onCancel={servers.length > 0 ? () => setEdited(null) : null}
            />
          ) : (
            <Button className="w-fit" onClick={() => setEdited('new')}>
              Add a server
            </Button>
          )}
        </>
      )}
    </Asked>
  );
}

function ServerRow({ server, onEdit }: { readonly server: McpServer; readonly onEdit: () => void }) {
  const { projectId, name, transport, isEnabled } = server;
  const remove = useMutation({
    mutationFn: () => call('mcp.remove', { projectId, name }),
    onSuccess: () => refresh(projectId),
    onError: (error) => showError('The server was not removed', error),
  });
  const turn = useMutation({
    mutationFn: () => call('mcp.set', { server: { ...server, isEnabled: !isEnabled } }),
    onSuccess: () => refresh(projectId),
    onError: (error) => showError('The server was not changed', error),
  });
  return (
    <li className="flex flex-wrap items-center gap-2 px-3 py-2">
      <label
        className="flex items-center phone:size-11 phone:justify-center"
        title={isEnabled ? 'Turn off' : 'Turn on'}
      >
        <input
          type="checkbox"
          aria-label={`${name} is on`}
          className="size-4 accent-accent"
          checked={isEnabled}
          disabled={turn.isPending}
          onChange={() => turn.mutate()}
        />
      </label>
      <div className="min-w-0 flex-1 phone:basis-3/4">
        <p className={isEnabled ? 'truncate font-medium' : 'truncate text-text-3'}>{name}</p>
        <p className="truncate font-mono text-small text-text-3">
          {transport.kind === 'stdio' ? transport.command : transport.url}
        </p>
        {transport.kind === 'http' && transport.secret && (
          <p className="text-small text-text-3">with the secret {transport.secret}</p>
        )}
      </div>
      <Button size="small" className="phone:h-11" onClick={onEdit} aria-label={`Edit ${name}`}>
        Edit
      </Button>
      <Button
        size="small"
        variant="ghost"
        className="phone:h-11"
        disabled={remove.isPending}
        onClick={() => remove.mutate()}
        aria-label={`Remove ${name}`}
      >
        Remove
      </Button>
    </li>
  );
}
