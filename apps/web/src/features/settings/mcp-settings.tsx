import type { ProjectId } from '@farhand/shared/model/ids';
import type { McpServer } from '@farhand/shared/model/mcp';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Field } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { recentFirst } from '../projects/project-field.tsx';
import { McpForm } from './mcp-form.tsx';

/** The MCP servers of a project: added, changed, turned on and off, removed. */
export function McpSettings({ initialProject }: { readonly initialProject: ProjectId | undefined }) {
  const projects = recentFirst(useServerState((state) => state.projects));
  const [chosen, setChosen] = useState<ProjectId | null>(initialProject ?? null);
  const projectId = chosen ?? projects[0]?.id;
  if (!projectId)
    return (
      <EmptyState title="No projects yet">
        MCP servers belong to a project. Add one with a new workspace.
      </EmptyState>
    );
  return (
    <DialogBody>
      <p className="text-text-2">
        Agents of the project’s workspaces get the tools of these servers, under the workspace’s approval
        policy. A command runs on the workspace’s host, an address is reached from the server’s machine.
      </p>
      <div className="max-w-sm">
        <Field label="Project">
          {({ id }) => (
            <Select
              id={id}
              value={projectId}
              onChange={setChosen}
              choices={projects.map((project) => ({ value: project.id, label: project.name }))}
            />
          )}
        </Field>
      </div>
      <ServerList key={projectId} projectId={projectId} />
    </DialogBody>
  );
}

const keyOf = (projectId: ProjectId) => ['mcp', projectId] as const;
const refresh = (projectId: ProjectId) => queryClient.invalidateQueries({ queryKey: keyOf(projectId) });

function ServerList({ projectId }: { readonly projectId: ProjectId }) {
  const { data, error } = useQuery({
    queryKey: keyOf(projectId),
    queryFn: () => call('mcp.list', { projectId }),
  });
  const [edited, setEdited] = useState<McpServer | 'new' | null>(null);
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="h-12" />;
  const close = () => {
    setEdited(null);
    void refresh(projectId);
  };
  const isFormShown = edited !== null || data.servers.length === 0;
  return (
    <>
      {data.servers.length > 0 && (
        <ul className="divide-y divide-hairline rounded-ui border border-hairline">
          {data.servers.map((server) => (
            <ServerRow key={server.name} server={server} onEdit={() => setEdited(server)} />
          ))}
        </ul>
      )}
      {isFormShown ? (
        <McpForm
          key={edited === null || edited === 'new' ? '' : edited.name}
          projectId={projectId}
          server={edited === 'new' ? null : edited}
          takenNames={data.servers.map(({ name }) => name)}
          onDone={close}
          onCancel={data.servers.length > 0 ? () => setEdited(null) : null}
        />
      ) : (
        <Button className="w-fit" onClick={() => setEdited('new')}>
          Add a server
        </Button>
      )}
    </>
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
