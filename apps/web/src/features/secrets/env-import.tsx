import { type Dotenv, parseDotenv } from '@farhand/shared/model/dotenv';
import { SECRET_KINDS, type SecretKind, type SecretScope } from '@farhand/shared/model/secrets';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Textarea } from '@/ui/field.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { FormButton } from '../settings/form-button.tsx';
import { KindBoxes } from './kind-boxes.tsx';
import { refreshSecrets } from './secret-query.ts';

interface EnvImportProps {
  readonly scope: SecretScope;
  /** Names that are set already. */
  readonly known: readonly string[];
}

const MAX_ENV_BYTES = 1024 * 1024;

/** Many secrets out of a `.env` file that is pasted or chosen, after a look at their names. */
export function EnvImport(props: EnvImportProps) {
  return (
    <FormButton label="Import a .env file">{(close) => <EnvForm {...props} onDone={close} />}</FormButton>
  );
}

function EnvForm({ scope, known, onDone }: EnvImportProps & { readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const [kinds, setKinds] = useState<readonly SecretKind[]>(SECRET_KINDS);
  const read = parseDotenv(text);
  const bring = useMutation({
    mutationFn: () => call('secret.import', { scope, secrets: [...read.entries], kinds: [...kinds] }),
    onSuccess: () => {
      onDone();
      return refreshSecrets();
    },
  });
  const count = read.entries.length;
  return (
    <section
      aria-label="Import a .env file"
      className="flex flex-col gap-3 rounded-ui border border-hairline p-3"
    >
      <Field label="Content of the .env file" aside={<ChooseEnv onChosen={setText} />}>
        {(control) => (
          <Textarea
            {...control}
            rows={4}
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Preview read={read} known={known} />
      {bring.error && <InlineError error={ApiError.from(bring.error)} />}
      <div className="flex flex-wrap items-center gap-2">
        <KindBoxes kinds={kinds} onChange={setKinds} />
        <div className="ml-auto flex gap-2">
          <Button
            variant="primary"
            className="phone:h-11"
            disabled={count === 0 || bring.isPending}
            onClick={() => bring.mutate()}
          >
            {count === 1 ? 'Import 1 secret' : `Import ${count} secrets`}
          </Button>
          <Button className="phone:h-11" onClick={onDone}>
            Cancel
          </Button>
        </div>
      </div>
    </section>
  );
}

function Preview({ read, known }: { readonly read: Dotenv; readonly known: readonly string[] }) {
  if (read.entries.length + read.problems.length === 0) return null;
  return (
    <ul aria-label="What will be imported" className="max-h-40 overflow-y-auto">
      {read.entries.map(({ name }) => (
        <li key={name} className="flex gap-2">
          <code className="min-w-0 flex-1 truncate">{name}</code>
          <span className="text-small text-text-2">{known.includes(name) ? 'changed' : 'new'}</span>
        </li>
      ))}
      {read.problems.map(({ line, reason }) => (
        <li key={`line ${line}`} className="flex gap-2 text-failed">
          <span className="min-w-0 flex-1">Line {line}</span>
          <span className="text-small">left out: {reason}</span>
        </li>
      ))}
    </ul>
  );
}

function ChooseEnv({ onChosen }: { readonly onChosen: (text: string) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_ENV_BYTES) return setProblem('It is larger than 1 MiB.');
    setProblem(null);
    onChosen(await file.text());
  };
  return (
    <label className="relative cursor-pointer rounded-small text-small text-accent-text focus-within:outline-2 phone:-my-2 phone:leading-11">
      {problem ?? 'Choose a file'}
      <input type="file" className="sr-only" onChange={(event) => void read(event.target.files?.[0])} />
    </label>
  );
}
