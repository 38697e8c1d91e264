import {
  type SecretForm as Form,
  MAX_SECRET_BYTES,
  SECRET_KINDS,
  type SecretKind,
  type SecretScope,
  type SecretSummary,
} from '@farhand/shared/model/secrets';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input, Textarea } from '@/ui/field.tsx';
import { KindBoxes } from './kind-boxes.tsx';
import { refreshSecrets } from './secret-query.ts';

interface SecretFormProps {
  readonly scope: SecretScope;
  /** The secret that is changed; null for a new one. */
  readonly edited: SecretSummary | null;
  readonly onDone: () => void;
}

interface Value {
  readonly text: string;
  /** Of a chosen file, which may be no text. */
  readonly base64: string | null;
}

const NOTHING: Value = { text: '', base64: null };

/** A new secret, or another value or other jobs for one that is there. */
export function SecretForm({ scope, edited, onDone }: SecretFormProps) {
  const [name, setName] = useState(edited?.name ?? '');
  const [form, setForm] = useState<Form>(edited?.form ?? { kind: 'variable' });
  const [value, setValue] = useState(NOTHING);
  const [kinds, setKinds] = useState<readonly SecretKind[]>(edited?.kinds ?? SECRET_KINDS);
  const first = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    if (edited) first.current?.focus();
  }, [edited]);
  const fileNameId = useId();
  const isKept = edited !== null && value.text === '' && value.base64 === null;
  const set = useMutation({
    mutationFn: () => {
      const at = { scope, name, kinds: [...kinds] };
      if (isKept) return call('secret.set_kinds', at);
      const given =
        value.base64 === null
          ? ({ value: value.text, encoding: 'text' } as const)
          : ({ value: value.base64, encoding: 'base64' } as const);
      return call('secret.set', { ...at, ...given, form });
    },
    onSuccess: () => {
      setName('');
      setValue(NOTHING);
      setForm({ kind: 'variable' });
      setKinds(SECRET_KINDS);
      onDone();
      return refreshSecrets();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate();
  };
  const isFile = form.kind === 'file';
  const valueLabel = edited ? 'New value' : 'Value';
  const hint = edited ? 'Leave it empty to keep the value.' : undefined;
  return (
    <form
      onSubmit={submit}
      aria-label={edited ? `Change ${edited.name}` : 'New secret'}
      className="flex flex-col gap-3"
    >
      <div className="grid grid-cols-2 items-start gap-2 phone:grid-cols-1">
        <Field label="Name" error={set.error ? ApiError.from(set.error) : null}>
          {(control) => (
            <Input
              {...control}
              required
              pattern="[A-Za-z_][A-Za-z0-9_]{0,127}"
              title="Letters, digits and underscores, not beginning with a digit"
              placeholder={isFile ? 'KUBECONFIG' : 'DATABASE_URL'}
              disabled={edited !== null}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {isFile ? (
          <Field label={valueLabel} hint={hint} aside={<ChooseFile onChosen={choose} />}>
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                ref={first}
                required={edited === null && value.base64 === null}
                placeholder={
                  value.base64 === null ? 'Paste the content, or choose a file' : 'A file is chosen'
                }
                value={value.text}
                onChange={(event) => setValue({ text: event.target.value, base64: null })}
              />
            )}
          </Field>
        ) : (
          <Field label={valueLabel} hint={hint}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="off"
                ref={first}
                required={edited === null}
                value={value.text}
                onChange={(event) => setValue({ text: event.target.value, base64: null })}
              />
            )}
          </Field>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <label className="flex items-center gap-1.5 phone:min-h-11">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={isFile}
            onChange={() => {
              setForm(isFile ? { kind: 'variable' } : { kind: 'file', fileName: 'secret' });
              setValue(NOTHING);
            }}
          />
          As a file
        </label>
        {isFile && (
          <div className="flex items-center gap-2">
            <label htmlFor={fileNameId} className="text-small text-text-2">
              called
            </label>
            <Input
              id={fileNameId}
              required
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,99}"
              title="Letters, digits, dots, dashes and underscores"
              className="max-w-44"
              value={form.fileName}
              onChange={(event) => setForm({ kind: 'file', fileName: event.target.value })}
            />
          </div>
        )}
        <KindBoxes kinds={kinds} onChange={setKinds} />
        <div className="ml-auto flex gap-2">
          <Button type="submit" variant="primary" className="phone:h-11" disabled={set.isPending}>
            {edited ? 'Save' : 'Add'}
          </Button>
          {edited && (
            <Button className="phone:h-11" onClick={onDone}>
              Cancel
            </Button>
          )}
        </div>
      </div>
      {isFile && (
        <p className="text-small text-text-3">
          The variable holds the file’s path. It is written to memory where the host has that, for its owner
          only, and goes with the workspace.
        </p>
      )}
    </form>
  );

  function choose(file: File, base64: string): void {
    setValue({ text: '', base64 });
    setForm({
      kind: 'file',
      fileName: file.name.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^[^A-Za-z0-9]+/, '') || 'secret',
    });
  }
}

function ChooseFile({ onChosen }: { readonly onChosen: (file: File, base64: string) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_SECRET_BYTES) return setProblem('It is larger than 64 KiB.');
    setProblem(null);
    const bytes = new Uint8Array(await file.arrayBuffer());
    onChosen(file, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')));
  };
  return (
    <label className="relative cursor-pointer rounded-small text-small text-accent-text focus-within:outline-2 phone:-my-2 phone:leading-11">
      {problem ?? 'Choose a file'}
      <input type="file" className="sr-only" onChange={(event) => void read(event.target.files?.[0])} />
    </label>
  );
}
