import type { ProjectId } from '@farhand/shared/model/ids';
import type { McpServer } from '@farhand/shared/model/mcp';
import type { SecretSummary } from '@farhand/shared/model/secrets';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Segmented } from '@/ui/segmented.tsx';
import { Select } from '@/ui/select.tsx';

interface McpFormProps {
  readonly projectId: ProjectId;
  /** Null to add one. */
  readonly server: McpServer | null;
  readonly takenNames: readonly string[];
  onDone(): void;
  /** Null where there is nothing to go back to. */
  readonly onCancel: (() => void) | null;
}

// No secret is called so: names have no space.
const NO_SECRET = 'no secret';

/** Adds an MCP server of a project, by a command or by an address, or changes one. */
export function McpForm({ projectId, server, takenNames, onDone, onCancel }: McpFormProps) {
  const transport = server?.transport;
  const [name, setName] = useState(server?.name ?? '');
  const [kind, setKind] = useState<'stdio' | 'http'>(transport?.kind ?? 'stdio');
  const [command, setCommand] = useState(transport?.kind === 'stdio' ? transport.command : '');
  const [url, setUrl] = useState(transport?.kind === 'http' ? transport.url : '');
  const [secret, setSecret] = useState(transport?.kind === 'http' ? transport.secret : null);
  const save = useMutation({
    mutationFn: () =>
      call('mcp.set', {
        server: {
          projectId,
          name: name.trim(),
          transport: kind === 'stdio' ? { kind, command: command.trim() } : { kind, url: url.trim(), secret },
          isEnabled: server?.isEnabled ?? true,
        },
      }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isTaken = server === null && takenNames.includes(name.trim());
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 rounded-ui border border-hairline p-3">
      <div className="flex flex-wrap items-start gap-4">
        <div className="min-w-48 flex-1">
          <Field
            label="Name"
            hint={isTaken ? 'This name exists; saving replaces it.' : 'Letters, digits, dashes.'}
          >
            {(control) => (
              <Input
                {...control}
                required
                pattern="[A-Za-z0-9][A-Za-z0-9_\-]{0,31}"
                title="Letters, digits, dashes and underscores, at most 32"
                placeholder="browser"
                disabled={server !== null}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Segmented
          label="How it is reached"
          value={kind}
          onChange={setKind}
          choices={[
            { value: 'stdio', label: 'Command' },
            { value: 'http', label: 'Address' },
          ]}
        />
      </div>
      {kind === 'stdio' ? (
        <Field
          label="Command"
          hint="As a shell on the workspace’s host takes it. It gets the project’s secrets in its environment."
          error={save.error ? ApiError.from(save.error) : null}
        >
          {(control) => (
            <Input
              {...control}
              required
              maxLength={4096}
              className="font-mono"
              placeholder="npx -y @playwright/mcp"
              value={command}
              onChange={(event) => setCommand(event.target.value)}
            />
          )}
        </Field>
      ) : (
        <div className="grid grid-cols-[2fr_1fr] gap-3 phone:grid-cols-1">
          <Field label="Address" error={save.error ? ApiError.from(save.error) : null}>
            {(control) => (
              <Input
                {...control}
                required
                type="url"
                className="font-mono"
                placeholder="https://example.com/mcp"
                value={url}
                onChange={(event) => setUrl(event.target.value)}
              />
            )}
          </Field>
          <SecretChoice projectId={projectId} value={secret} onChange={setSecret} />
        </div>
      )}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" disabled={save.isPending}>
          {server ? 'Save' : 'Add it'}
        </Button>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}

interface SecretChoiceProps {
  readonly projectId: ProjectId;
  readonly value: string | null;
  readonly onChange: (secret: string | null) => void;
}

function SecretChoice({ projectId, value, onChange }: SecretChoiceProps) {
  const { data } = useQuery({
    queryKey: ['secrets'],
    queryFn: () => call('secret.list', {}),
  });
  const isOffered = ({ scope, form }: SecretSummary) =>
    form.kind === 'variable' && (scope.kind !== 'project' || scope.projectId === projectId);
  const names = [...new Set((data?.secrets ?? []).filter(isOffered).map((secret) => secret.name))];
  const all = value !== null && !names.includes(value) ? [value, ...names] : names;
  return (
    <Field label="Bearer token" hint="A secret that agents of the project get.">
      {({ id }) => (
        <Select
          id={id}
          value={value ?? NO_SECRET}
          onChange={(next) => onChange(next === NO_SECRET ? null : next)}
          choices={[
            { value: NO_SECRET, label: 'None' },
            ...all.map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
    </Field>
  );
}
