import type { RunId, WorkspaceId } from '@farhand/shared/model/ids';
import type { Operation, OperationParameter } from '@farhand/shared/model/operations';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { RunView } from '../runs/run-view.tsx';
import { parameterText } from './parameter-text.ts';

interface TryFormProps {
  readonly operation: Operation;
  readonly onRun: () => void;
}

/** The parameters of an operation to fill in, and what comes of it. */
export function TryForm({ operation, onRun }: TryFormProps) {
  const { name, parameters, host } = operation;
  const workspaces = useServerState((state) =>
    Object.values(state.workspaces)
      .filter(({ state: its }) => its === 'ready')
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(parameters.map((one) => [one.name, one.default ?? one.choices[0] ?? ''])),
  );
  const [workspaceId, setWorkspaceId] = useState<WorkspaceId | undefined>(workspaces[0]?.id);
  const [runId, setRunId] = useState<RunId | null>(null);
  const isHere = host === 'workspace';
  const start = useMutation({
    mutationFn: () =>
      call('operation.run', {
        operation: name,
        parameters: values,
        workspaceId: isHere ? (workspaceId ?? null) : null,
      }),
    onSuccess: ({ run }) => {
      setRunId(run.id);
      onRun();
    },
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate();
  };
  return (
    <form className="flex flex-col gap-3 rounded-ui border border-hairline p-3" onSubmit={onSubmit}>
      {isHere && (
        <Field label="Workspace">
          {({ id: controlId }) => (
            <Select
              id={controlId}
              value={workspaceId ?? null}
              onChange={setWorkspaceId}
              choices={workspaces.map(({ id, name: label }) => ({ value: id, label }))}
            />
          )}
        </Field>
      )}
      {parameters.map((parameter) => (
        <Parameter
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          onChange={(value) => setValues({ ...values, [parameter.name]: value })}
        />
      ))}
      {start.error && <InlineError error={ApiError.from(start.error)} />}
      <Button type="submit" variant="primary" className="w-fit" disabled={start.isPending}>
        Run {name}
      </Button>
      {runId && <RunView key={runId} runId={runId} />}
    </form>
  );
}

interface ParameterProps {
  readonly parameter: OperationParameter;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Parameter({ parameter, value, onChange }: ParameterProps) {
  const { name, type, choices } = parameter;
  if (type === 'choice')
    return (
      <Field label={name} hint={parameter.description}>
        {({ id }) => (
          <Select
            id={id}
            value={value}
            onChange={onChange}
            choices={choices.map((choice) => ({ value: choice, label: choice }))}
          />
        )}
      </Field>
    );
  return (
    <Field label={name} hint={parameterText(parameter)}>
      {(control) => (
        <Input
          {...control}
          inputMode={type === 'int' ? 'numeric' : 'text'}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
