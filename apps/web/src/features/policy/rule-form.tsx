import type { ListedPolicyRule, PolicyEffect, PolicyRule } from '@farhand/shared/model/policy';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input, Textarea } from '@/ui/field.tsx';
import { Segmented } from '@/ui/segmented.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { tookPolicy } from './policy-query.ts';

interface RuleFormProps {
  /** Null to add one. */
  readonly rule: ListedPolicyRule | null;
  readonly index: number | null;
  onDone(): void;
}

const PLACES = [
  { key: 'paths', label: 'Paths', hint: 'Of its arguments, as src/**', placeholder: 'src/**' },
  { key: 'cwd', label: 'Folder', hint: 'Where it runs; . for the workspace', placeholder: '.' },
  { key: 'host', label: 'Host', hint: 'A name or a label', placeholder: 'prod' },
  { key: 'user', label: 'User', hint: 'The account on the host', placeholder: 'deploy' },
  { key: 'agent', label: 'Agent', hint: 'builtin, codex, cli …', placeholder: 'codex' },
] as const;
type PlaceKey = (typeof PLACES)[number]['key'];

/** Adds a rule, or changes one. Lists are typed with commas, patterns one a line. */
export function RuleForm({ rule, index, onDone }: RuleFormProps) {
  const [effect, setEffect] = useState<PolicyEffect>(rule?.effect ?? 'deny');
  const [name, setName] = useState(rule?.name ?? '');
  const [match, setMatch] = useState(rule?.match.join('\n') ?? '');
  const [reason, setReason] = useState(rule?.reason ?? '');
  const [places, setPlaces] = useState(() => placesOf(rule));
  const save = useMutation({
    mutationFn: () =>
      call('policy.set_rule', {
        index,
        was: rule?.name ?? null,
        rule: {
          name: name.trim(),
          effect,
          match: parts(match, '\n'),
          ...(Object.fromEntries(PLACES.map(({ key }) => [key, parts(places[key], ',')])) as Pick<
            PolicyRule,
            PlaceKey
          >),
          reason: reason.trim() === '' ? null : reason.trim(),
        },
      }),
    onSuccess: async (file) => {
      await tookPolicy(file);
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form
      aria-label={rule ? `Change ${rule.name}` : 'New rule'}
      onSubmit={submit}
      className="flex flex-col gap-3 rounded-ui border border-hairline p-3"
    >
      <div className="flex flex-wrap items-start gap-4">
        <Segmented
          label="What it says"
          value={effect}
          onChange={setEffect}
          choices={[
            { value: 'deny', label: 'Deny' },
            { value: 'ask', label: 'Ask' },
            { value: 'allow', label: 'Allow' },
          ]}
        />
        <div className="min-w-48 flex-1">
          <Field label="Name">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={80}
                placeholder="No forced pushes"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        </div>
      </div>
      <Field
        label="Commands"
        hint="One a line. * stands for letters of a word, ** for any words: git push ** --force **"
      >
        {(control) => (
          <Textarea
            {...control}
            required
            rows={2}
            spellCheck={false}
            className="font-mono"
            placeholder="git push ** --force **"
            value={match}
            onChange={(event) => setMatch(event.target.value)}
          />
        )}
      </Field>
      <div className="grid grid-cols-3 gap-3 phone:grid-cols-1">
        {PLACES.map(({ key, label, hint, placeholder }) => (
          <Field key={key} label={label} hint={hint}>
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                placeholder={placeholder}
                value={places[key]}
                onChange={(event) => setPlaces({ ...places, [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label="Reason" hint="For whoever is asked or denied">
          {(control) => (
            <Input
              {...control}
              maxLength={300}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </div>
      {save.error && <InlineError error={ApiError.from(save.error)} />}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" className="phone:h-11" disabled={save.isPending}>
          {rule ? 'Save' : 'Add it'}
        </Button>
        <Button className="phone:h-11" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function placesOf(rule: PolicyRule | null): Record<PlaceKey, string> {
  return Object.fromEntries(PLACES.map(({ key }) => [key, rule?.[key].join(', ') ?? ''])) as Record<
    PlaceKey,
    string
  >;
}

const parts = (text: string, separator: string): string[] =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
