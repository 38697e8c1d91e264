import type { Host, HostRecord } from '@farhand/shared/model/hosts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input, Textarea } from '@/ui/field.tsx';
import { InlineError } from '../../composer/inline-error.tsx';
import { draftOf, type HostDraft, readDraft } from './host-draft.ts';
import { HostTestView } from './host-test-view.tsx';

interface HostFormProps {
  /** Null to add one; an alias or a typed host is written down under a name. */
  readonly host: Host | null;
  readonly onDone: () => void;
}

/** Writes down a host, or changes one; its values can be tested before they are saved. */
export function HostForm({ host, onDone }: HostFormProps) {
  const isNew = host?.source !== 'record';
  const title = isNew ? 'Add a host' : `Edit ${host.label}`;
  const form = useRef<HTMLFormElement>(null);
  // What it stands in place of had the focus.
  useEffect(() => form.current?.querySelector<HTMLElement>('input:enabled')?.focus(), []);
  const [draft, setDraft] = useState<HostDraft>(() => draftOf(host));
  const [tested, setTested] = useState<HostRecord | null>(null);
  const [hasTried, setHasTried] = useState(false);
  const { name, record, problems } = readDraft(draft);
  const save = useMutation({
    mutationFn: (values: { readonly name: NonNullable<typeof name>; readonly record: HostRecord }) =>
      call(isNew ? 'host.add' : 'host.change', values),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['hosts'] });
      onDone();
    },
  });
  const change = (part: Partial<HostDraft>) => setDraft({ ...draft, ...part });
  const problemOf = (key: keyof HostDraft) => {
    const problem = problems[key];
    return hasTried && problem ? { message: problem } : null;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setHasTried(true);
    if (name && record) save.mutate({ name, record });
  };
  const test = () => {
    setHasTried(true);
    if (record) setTested(record);
  };
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h3 className="font-semibold">{title}</h3>
      <form ref={form} onSubmit={submit} className="flex flex-col gap-3" aria-label={title} noValidate>
        <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
          <Field
            label="Name"
            hint="How you call it: letters, digits, dots and dashes."
            error={problemOf('name')}
          >
            {(control) => (
              <Input
                {...control}
                placeholder="prod"
                disabled={!isNew}
                value={draft.name}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Host"
            hint="Anything ssh takes: an alias, user@host, ssh://user@host:port."
            error={problemOf('host')}
          >
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                placeholder="prod.example.com"
                value={draft.host}
                onChange={(event) => change({ host: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="grid grid-cols-[1fr_6rem_2fr] gap-3 phone:grid-cols-1">
          <TextField label="User" note="as ssh has it" {...{ draft, change, problemOf }} of="user" />
          <TextField label="Port" note="as ssh has it" {...{ draft, change, problemOf }} of="port" />
          <TextField
            label="Identity file"
            note="as ssh has it"
            {...{ draft, change, problemOf }}
            of="identityFile"
          />
        </div>
        <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
          <TextField
            label="Working directory"
            note="~/.farhand/workspaces"
            {...{ draft, change, problemOf }}
            of="directory"
          />
          <TextField label="Labels" note="gpu, team-a" {...{ draft, change, problemOf }} of="labels" />
        </div>
        <Field
          label="Environment"
          hint="Of every job there: a line for each, NAME=value. Not for secrets: it is shown and stands in the file."
          error={problemOf('environment')}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              className="font-mono"
              spellCheck={false}
              placeholder="LANG=C.UTF-8"
              value={draft.environment}
              onChange={(event) => change({ environment: event.target.value })}
            />
          )}
        </Field>
        {save.error && <InlineError error={ApiError.from(save.error)} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" disabled={save.isPending}>
            {isNew ? 'Add it' : 'Save'}
          </Button>
          <Button onClick={test}>Test</Button>
          <Button variant="ghost" onClick={onDone}>
            Cancel
          </Button>
        </div>
      </form>
      {/* Outside of the form: what ssh asks is answered in one of its own. */}
      {tested && <HostTestView what={{ record: tested }} />}
    </section>
  );
}

interface TextFieldProps {
  readonly label: string;
  /** What holds where nothing is typed, or an example. */
  readonly note: string;
  readonly of: keyof HostDraft;
  readonly draft: HostDraft;
  readonly change: (part: Partial<HostDraft>) => void;
  readonly problemOf: (key: keyof HostDraft) => { readonly message: string } | null;
}

function TextField({ label, note, of, draft, change, problemOf }: TextFieldProps) {
  return (
    <Field label={label} error={problemOf(of)}>
      {(control) => (
        <Input
          {...control}
          placeholder={note}
          value={draft[of]}
          onChange={(event) => change({ [of]: event.target.value })}
        />
      )}
    </Field>
  );
}
