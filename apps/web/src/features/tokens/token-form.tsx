import { type HostId, hostId } from '@farhand/shared/model/hosts';
import { type ApiToken, type Scope, scope } from '@farhand/shared/model/tokens';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { SCOPE_NOTES } from './token-text.ts';

interface TokenFormProps {
  readonly takenNames: readonly string[];
  onDone(made: { token: ApiToken; value: string }): void;
  onCancel(): void;
}

const DAY_MS = 86_400_000;
const EXPIRIES = [
  { value: '30', label: 'After 30 days' },
  { value: '90', label: 'After 90 days' },
  { value: '365', label: 'After a year' },
  { value: 'never', label: 'Never' },
] as const;
type Expiry = (typeof EXPIRIES)[number]['value'];

/** Makes a token: its name, what it may do, where, and until when. */
export function TokenForm({ takenNames, onDone, onCancel }: TokenFormProps) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
  const [hosts, setHosts] = useState('');
  const [expiry, setExpiry] = useState<Expiry>('90');
  const wantedHosts = hosts.split(/[\s,]+/).filter(Boolean);
  const badHost = wantedHosts.find((one) => !hostId.safeParse(one).success);
  const create = useMutation({
    mutationFn: () =>
      call('token.create', {
        name: name.trim(),
        scopes: [...scopes],
        hosts: wantedHosts.length === 0 ? null : (wantedHosts as HostId[]),
        expiresAt: expiry === 'never' ? null : new Date(Date.now() + Number(expiry) * DAY_MS).toISOString(),
      }),
    onSuccess: onDone,
  });
  const isTaken = takenNames.includes(name.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const error = create.error instanceof ApiError ? create.error : null;
  return (
    <form
      onSubmit={submit}
      aria-label="New token"
      className="flex flex-col gap-3 rounded-ui border border-hairline p-3"
    >
      <Field
        label="Name"
        hint="It stands in the audit log."
        error={isTaken ? { message: 'There is a token of this name.' } : error}
      >
        {(control) => (
          <Input
            {...control}
            required
            maxLength={64}
            placeholder="nightly build"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <ScopeChoice chosen={scopes} onChange={setScopes} />
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        <Field
          label="Only on these hosts"
          hint="Empty for all; commas between."
          error={badHost === undefined ? null : { message: `“${badHost}” is no host name.` }}
        >
          {(control) => (
            <Input
              {...control}
              placeholder="prod, lab"
              value={hosts}
              onChange={(event) => setHosts(event.target.value)}
            />
          )}
        </Field>
        <Field label="Expires">
          {({ id }) => <Select id={id} value={expiry} onChange={setExpiry} choices={EXPIRIES} />}
        </Field>
      </div>
      <div className="flex gap-2">
        <Button
          type="submit"
          variant="primary"
          disabled={
            create.isPending || isTaken || scopes.length === 0 || badHost !== undefined || name.trim() === ''
          }
        >
          Make the token
        </Button>
        <Button variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

interface ScopeChoiceProps {
  readonly chosen: readonly Scope[];
  onChange(chosen: readonly Scope[]): void;
}

function ScopeChoice({ chosen, onChange }: ScopeChoiceProps) {
  const holdsAll = chosen.includes('admin');
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-small font-medium text-text-2">What it may do</legend>
      {scope.options.map((one) => (
        <label key={one} className="flex items-baseline gap-2 phone:min-h-11 phone:items-center">
          <input
            type="checkbox"
            className="size-4 shrink-0 self-center accent-accent"
            checked={chosen.includes(one) || holdsAll}
            disabled={holdsAll && one !== 'admin'}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
            }
          />
          <span className="w-16 shrink-0 font-mono text-small">{one}</span>
          <span className="min-w-0 text-small text-text-2">{SCOPE_NOTES[one]}</span>
        </label>
      ))}
    </fieldset>
  );
}
