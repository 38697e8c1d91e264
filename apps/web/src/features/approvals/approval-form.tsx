import type { FormField } from '@farhand/shared/model/approvals';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { type ControlProps, Field, Input } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { safeUrl } from '../transcript/safe-url.ts';
import { type FormValues, formAnswer, initialValues } from './form-values.ts';
import { ShownText } from './shown-text.tsx';
import type { Decide } from './use-decide.ts';

interface ApprovalFormProps {
  readonly fields: readonly FormField[];
  /** Where to go and come back from, in place of fields. */
  readonly url: string | null;
  readonly canDecide: boolean;
  onDecide(decision: Decide): void;
}

/** A question to fill in, or an address to go to. The address is never opened by itself. */
export function ApprovalForm({ fields, url, canDecide, onDecide }: ApprovalFormProps) {
  const [values, setValues] = useState<FormValues>(() => initialValues(fields));
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const answer = formAnswer(fields, values);
    if ('problems' in answer) return setProblems(answer.problems);
    onDecide({ kind: 'answer', values: answer.values });
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit} noValidate>
      {url !== null && <Address url={url} />}
      {fields.map((field) => (
        <FormControl
          key={field.name}
          field={field}
          value={values[field.name]}
          problem={problems[field.name] ?? null}
          onChange={(value) => setValues((known) => ({ ...known, [field.name]: value }))}
        />
      ))}
      <div className="approval-actions approval-answers">
        <Button type="submit" variant="primary" data-approve disabled={!canDecide}>
          {url === null ? 'Answer' : 'I am done there'}
        </Button>
        <Button data-deny disabled={!canDecide} onClick={() => onDecide({ kind: 'deny' })}>
          Decline
        </Button>
      </div>
    </form>
  );
}

function Address({ url }: { readonly url: string }) {
  const target = safeUrl(url);
  return (
    <div className="flex flex-col items-start gap-2">
      <code className="approval-box approval-code w-full">
        <ShownText text={url} />
      </code>
      {target ? (
        <a href={target} target="_blank" rel="noopener noreferrer nofollow" className="approval-link">
          Open this address in a new tab
        </a>
      ) : (
        <p className="text-small text-failed">This is no address that can be opened from here.</p>
      )}
    </div>
  );
}

interface FormControlProps {
  readonly field: FormField;
  readonly value: FormValues[string] | undefined;
  readonly problem: string | null;
  onChange(value: FormValues[string]): void;
}

function FormControl({ field, value, problem, onChange }: FormControlProps) {
  if (field.kind === 'boolean')
    return (
      <label className="flex min-h-7 items-center gap-2 phone:min-h-11">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={value === true}
          onChange={({ target }) => onChange(target.checked)}
        />
        <span className="min-w-0 break-words text-text">{field.title}</span>
        {field.description && <span className="text-small text-text-3">{field.description}</span>}
      </label>
    );
  if (field.kind === 'choices')
    return <Choices field={field} value={value} problem={problem} onChange={onChange} />;
  return (
    <Field
      label={field.isRequired ? field.title : `${field.title} (optional)`}
      hint={field.description}
      error={problem === null ? null : { message: problem }}
    >
      {(control: ControlProps) =>
        field.kind === 'choice' ? (
          <Select
            id={control.id}
            value={typeof value === 'string' && value !== '' ? value : null}
            onChange={onChange}
            placeholder="Choose"
            choices={field.choices.map((choice) => ({ value: choice.value, label: choice.name }))}
          />
        ) : (
          <Input
            {...control}
            inputMode={field.kind === 'number' ? 'decimal' : 'text'}
            value={typeof value === 'string' ? value : ''}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  );
}

function Choices({ field, value, problem, onChange }: FormControlProps) {
  const chosen = typeof value === 'object' ? value : [];
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-small font-medium text-text-2">{field.title}</legend>
      {field.description && <p className="text-small text-text-3">{field.description}</p>}
      {field.choices.map((choice) => (
        <label key={choice.value} className="flex min-h-7 items-center gap-2 phone:min-h-11">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={chosen.includes(choice.value)}
            onChange={({ target }) =>
              onChange(
                target.checked ? [...chosen, choice.value] : chosen.filter((other) => other !== choice.value),
              )
            }
          />
          {choice.name}
        </label>
      ))}
      {problem !== null && (
        <p role="alert" className="text-small text-failed">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
