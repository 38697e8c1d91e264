import type { ProjectId } from '@farhand/shared/model/ids';
import type { SecretSummary } from '@farhand/shared/model/secrets';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { EmptyState } from '@/ui/empty-state.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { recentFirst } from '../projects/project-field.tsx';

/** The secrets of a project by name: set, replaced, removed; a value is never shown again. */
export function SecretSettings({ initialProject }: { readonly initialProject: ProjectId | undefined }) {
  const projects = recentFirst(useServerState((state) => state.projects));
  const [chosen, setChosen] = useState<ProjectId | null>(initialProject ?? null);
  const projectId = chosen ?? projects[0]?.id;
  if (!projectId)
    return (
      <EmptyState title="No projects yet">
        Secrets belong to a project. Add one with a new workspace.
      </EmptyState>
    );
  return (
    <DialogBody>
      <p className="text-text-2">
        Jobs and terminals of the project’s workspaces get these as environment variables. They are stored
        encrypted, and where a command prints one the transcript shows its name.
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
      <SecretList key={projectId} projectId={projectId} />
    </DialogBody>
  );
}

const keyOf = (projectId: ProjectId) => ['secrets', projectId] as const;
const refresh = (projectId: ProjectId) => queryClient.invalidateQueries({ queryKey: keyOf(projectId) });

function SecretList({ projectId }: { readonly projectId: ProjectId }) {
  const { data, error } = useQuery({
    queryKey: keyOf(projectId),
    queryFn: () => call('secret.list', { projectId }),
  });
  const [replaced, setReplaced] = useState<string | null>(null);
  if (error)
    return (
      <p role="alert" className="text-failed">
        {ApiError.from(error).message}
      </p>
    );
  if (!data) return <Skeleton className="h-10" />;
  return (
    <>
      {data.secrets.length > 0 && (
        <ul className="divide-y divide-hairline rounded-ui border border-hairline">
          {data.secrets.map((secret) => (
            <SecretRow
              key={secret.name}
              projectId={projectId}
              secret={secret}
              onReplace={() => setReplaced(secret.name)}
            />
          ))}
        </ul>
      )}
      <SecretForm
        key={replaced ?? ''}
        projectId={projectId}
        replaced={replaced}
        onDone={() => setReplaced(null)}
      />
    </>
  );
}

interface SecretRowProps {
  readonly projectId: ProjectId;
  readonly secret: SecretSummary;
  readonly onReplace: () => void;
}

function SecretRow({ projectId, secret, onReplace }: SecretRowProps) {
  const remove = useMutation({
    mutationFn: () => call('secret.remove', { projectId, name: secret.name }),
    onSuccess: () => refresh(projectId),
    onError: (error) => showError('The secret was not removed', error),
  });
  return (
    <li className="flex items-center gap-2 px-3 py-1.5">
      <code className="min-w-0 flex-1 truncate">{secret.name}</code>
      <span className="text-small text-text-3">set {new Date(secret.updatedAt).toLocaleDateString()}</span>
      <Button size="small" onClick={onReplace} aria-label={`Replace ${secret.name}`}>
        Replace
      </Button>
      <Button
        size="small"
        variant="ghost"
        disabled={remove.isPending}
        onClick={() => remove.mutate()}
        aria-label={`Remove ${secret.name}`}
      >
        Remove
      </Button>
    </li>
  );
}

interface SecretFormProps {
  readonly projectId: ProjectId;
  /** The name of the secret that gets a new value; null for a new secret. */
  readonly replaced: string | null;
  readonly onDone: () => void;
}

function SecretForm({ projectId, replaced, onDone }: SecretFormProps) {
  const [name, setName] = useState(replaced ?? '');
  const [value, setValue] = useState('');
  const valueInput = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (replaced !== null) valueInput.current?.focus();
  }, [replaced]);
  const set = useMutation({
    mutationFn: () => call('secret.set', { projectId, name, value }),
    onSuccess: () => {
      setName('');
      setValue('');
      onDone();
      return refresh(projectId);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate();
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-[1fr_1fr_auto] items-start gap-2 phone:grid-cols-1">
      <Field label="Name" error={set.error ? ApiError.from(set.error) : null}>
        {(control) => (
          <Input
            {...control}
            required
            pattern="[A-Za-z_][A-Za-z0-9_]{0,127}"
            title="Letters, digits and underscores, not beginning with a digit"
            placeholder="DATABASE_URL"
            disabled={replaced !== null}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={replaced ? 'New value' : 'Value'}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            required
            ref={valueInput}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2 pt-5 phone:pt-0">
        <Button type="submit" variant="primary" disabled={set.isPending}>
          {replaced ? 'Replace' : 'Add'}
        </Button>
        {replaced && <Button onClick={onDone}>Cancel</Button>}
      </div>
    </form>
  );
}
