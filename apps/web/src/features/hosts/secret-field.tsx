import type { HostQuestion } from '@farhand/shared/model/hosts';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { hostName } from './connection-text.ts';
import type { QuestionProps } from './question-form.tsx';

const LABELS: Readonly<Partial<Record<HostQuestion['kind'], string>>> = {
  passphrase: 'Passphrase',
  password: 'Password',
  code: 'Code',
};

const SAFE = 'Goes to ssh only; it is never stored or logged.';

function explain({ kind, subject }: HostQuestion, host: string): string {
  if (kind === 'passphrase') return `ssh needs the passphrase of the key ${subject} to log in at ${host}.`;
  if (kind === 'password') return `${subject || host} wants a password.`;
  return `${host} wants a code, as from an app or a message.`;
}

/** Takes a passphrase, a password or a code. What was typed is kept nowhere in the page once it is sent. */
export function SecretField({ hostId, question, isSending, send }: QuestionProps) {
  const [typed, setTyped] = useState('');
  const [remember, setRemember] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTyped('');
    send(typed, question.canRemember && remember);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <p className="break-words text-text-2">{explain(question, hostName(hostId))}</p>
      <Field label={LABELS[question.kind] ?? 'Answer'} hint={question.kind === 'code' ? question.text : SAFE}>
        {(control) => (
          <Input
            {...control}
            data-autofocus
            type="password"
            autoComplete={question.kind === 'code' ? 'one-time-code' : 'off'}
            {...(question.kind === 'code' && { inputMode: 'numeric' as const })}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      {question.canRemember && (
        <label className="flex w-fit items-center gap-2 text-text-2 phone:min-h-11">
          <input
            type="checkbox"
            checked={remember}
            onChange={(event) => setRemember(event.target.checked)}
            className="size-3.5 accent-accent"
          />
          Remember until Farhand stops
        </label>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" disabled={isSending || typed === ''}>
          Answer
        </Button>
        <Button disabled={isSending} onClick={() => send(null)}>
          Refuse
        </Button>
      </div>
    </form>
  );
}
