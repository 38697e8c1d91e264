import type { ModelProvider } from '@farhand/shared/model/models';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { cx } from '@/ui/cx.ts';
import { DialogBody, DialogFooter } from '@/ui/dialog.tsx';
import { Field, Input, Textarea } from '@/ui/field.tsx';
import { KIND_NAMES, PROVIDER_PRESETS, type ProviderPreset, readModelNames } from './provider-presets.ts';

interface ProviderFormProps {
  /** Null to add one. */
  readonly provider: ModelProvider | null;
  readonly takenIds: readonly string[];
  readonly onClose: () => void;
}

interface Draft {
  readonly id: string;
  readonly kind: ProviderPreset['kind'];
  readonly baseUrl: string;
  readonly key: string;
  readonly models: string;
}

const draftOf = (provider: ModelProvider): Draft => ({
  id: provider.id,
  kind: provider.kind,
  baseUrl: provider.baseUrl ?? '',
  key: '',
  models: provider.models.join('\n'),
});

const draftOfPreset = (preset: ProviderPreset): Draft => ({
  id: preset.id === 'other' ? '' : preset.id,
  kind: preset.kind,
  baseUrl: preset.baseUrl ?? '',
  key: '',
  models: '',
});

/** Adds a provider, from a preset, or changes one; a stored key is never shown, and kept unless a new one is typed. */
export function ProviderForm({ provider, takenIds, onClose }: ProviderFormProps) {
  const [preset, setPreset] = useState<ProviderPreset | null>(null);
  const [draft, setDraft] = useState<Draft | null>(provider && draftOf(provider));
  const choose = (chosen: ProviderPreset) => {
    setPreset(chosen);
    setDraft(draftOfPreset(chosen));
  };
  return (
    <>
      <DialogBody>
        {provider === null && <Presets chosen={preset} onChoose={choose} />}
        {draft && (
          <Fields
            key={preset?.id ?? ''}
            draft={draft}
            onChange={setDraft}
            provider={provider}
            preset={preset}
            takenIds={takenIds}
            onClose={onClose}
          />
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" form="provider-form" disabled={!draft}>
          Save
        </Button>
      </DialogFooter>
    </>
  );
}

function Presets({
  chosen,
  onChoose,
}: {
  readonly chosen: ProviderPreset | null;
  readonly onChoose: (preset: ProviderPreset) => void;
}) {
  return (
    <fieldset aria-label="Provider" className="grid grid-cols-4 gap-2 phone:grid-cols-2">
      {PROVIDER_PRESETS.map((preset) => (
        <button
          key={preset.id}
          type="button"
          aria-pressed={preset === chosen}
          onClick={() => onChoose(preset)}
          className={cx(
            'flex flex-col rounded-ui border px-3 py-2 text-left hover:bg-hover',
            preset === chosen ? 'border-accent-text bg-accent-wash' : 'border-hairline-strong',
          )}
        >
          <span className="font-medium">{preset.label}</span>
          <span className="text-small text-text-3">
            {preset.needsKey ? 'by key' : preset.id === 'other' ? 'OpenAI-compatible' : 'local, no key'}
          </span>
        </button>
      ))}
    </fieldset>
  );
}

interface FieldsProps extends ProviderFormProps {
  readonly draft: Draft;
  readonly preset: ProviderPreset | null;
  readonly onChange: (draft: Draft) => void;
}

function Fields({ draft, preset, provider, takenIds, onChange, onClose }: FieldsProps) {
  const save = useMutation({
    mutationFn: () =>
      call('model.set', {
        id: draft.id,
        kind: draft.kind,
        baseUrl: draft.baseUrl.trim() === '' ? null : draft.baseUrl.trim(),
        key: draft.key === '' ? null : draft.key,
        models: readModelNames(draft.models),
      }),
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isTaken = provider === null && takenIds.includes(draft.id);
  const isCompatible = draft.kind === 'openai_compatible';
  const error = save.error ? ApiError.from(save.error) : null;
  return (
    <form id="provider-form" onSubmit={submit} className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
        <Field
          label="Name"
          hint={
            isTaken
              ? 'This name exists; saving replaces it.'
              : `${KIND_NAMES[draft.kind]} API. Small letters, digits and dashes.`
          }
        >
          {(control) => (
            <Input
              {...control}
              required
              pattern="[a-z0-9][a-z0-9\-]{0,31}"
              disabled={provider !== null}
              value={draft.id}
              onChange={(event) => onChange({ ...draft, id: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Base URL"
          hint={isCompatible ? undefined : 'Only for a proxy; empty for the provider itself.'}
        >
          {(control) => (
            <Input
              {...control}
              type="url"
              required={isCompatible}
              placeholder={isCompatible ? 'http://127.0.0.1:8080/v1' : ''}
              value={draft.baseUrl}
              onChange={(event) => onChange({ ...draft, baseUrl: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label="Key"
        hint={
          provider?.hasKey
            ? 'A key is stored. Leave this empty to keep it.'
            : preset?.needsKey
              ? undefined
              : 'Leave empty where none is needed.'
        }
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            required={preset?.needsKey === true}
            value={draft.key}
            onChange={(event) => onChange({ ...draft, key: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Models"
        hint="One a line, best first; they are offered where messages are written."
        error={error}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            required
            spellCheck={false}
            placeholder={preset?.modelHint ?? ''}
            className="font-mono"
            value={draft.models}
            onChange={(event) => onChange({ ...draft, models: event.target.value })}
          />
        )}
      </Field>
    </form>
  );
}
