import type { ModelProvider } from '@farhand/shared/model/models';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { queryClient } from '@/client/query.ts';
import { Button } from '@/ui/button.tsx';
import { DialogBody } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { showError } from '@/ui/toast.tsx';
import { ProviderForm } from './provider-form.tsx';
import { KIND_NAMES } from './provider-presets.ts';

const KEY = ['models'] as const;
const refresh = () => queryClient.invalidateQueries({ queryKey: KEY });

/** The providers that models come from, and the model that new sessions begin with. */
export function ModelSettings() {
  const { data, error } = useQuery({ queryKey: KEY, queryFn: () => call('model.list', {}) });
  const [edited, setEdited] = useState<ModelProvider | 'new' | null>(null);
  if (error)
    return (
      <DialogBody>
        <p role="alert" className="text-failed">
          {ApiError.from(error).message}
        </p>
      </DialogBody>
    );
  if (!data)
    return (
      <DialogBody>
        <Skeleton className="h-12" />
        <Skeleton className="h-12" />
      </DialogBody>
    );
  if (edited !== null) {
    const close = () => {
      setEdited(null);
      void refresh();
    };
    return (
      <ProviderForm
        provider={edited === 'new' ? null : edited}
        takenIds={data.providers.map(({ id }) => id)}
        onClose={close}
      />
    );
  }
  return (
    <DialogBody>
      <p className="text-text-2">Keys stay on the server; no page and no host sees them again.</p>
      {data.providers.length === 0 ? (
        <p className="rounded-ui border border-hairline px-3 py-4 text-center text-text-2">
          No model is set up yet. Add a key, or a local endpoint that needs none.
        </p>
      ) : (
        <ul className="divide-y divide-hairline rounded-ui border border-hairline">
          {data.providers.map((provider) => (
            <ProviderRow key={provider.id} provider={provider} onEdit={() => setEdited(provider)} />
          ))}
        </ul>
      )}
      <div>
        <Button
          variant={data.providers.length === 0 ? 'primary' : 'secondary'}
          onClick={() => setEdited('new')}
        >
          Add a provider
        </Button>
      </div>
      <DefaultModel providers={data.providers} value={data.defaultModel} />
    </DialogBody>
  );
}

function ProviderRow({
  provider,
  onEdit,
}: {
  readonly provider: ModelProvider;
  readonly onEdit: () => void;
}) {
  const remove = useMutation({
    mutationFn: () => call('model.remove', { id: provider.id }),
    onSuccess: refresh,
    onError: (error) => showError('The provider was not removed', error),
  });
  const facts = [
    provider.baseUrl ?? KIND_NAMES[provider.kind],
    provider.hasKey ? 'has a key' : 'no key',
    provider.models.length === 1 ? '1 model' : `${provider.models.length} models`,
  ];
  return (
    <li className="flex items-center gap-2 px-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{provider.id}</p>
        <p className="truncate text-small text-text-3">{facts.join(', ')}</p>
      </div>
      {provider.source === 'environment' ? (
        <span className="text-small text-text-3">from the server’s environment</span>
      ) : (
        <>
          <Button size="small" onClick={onEdit} aria-label={`Edit ${provider.id}`}>
            Edit
          </Button>
          <Button
            size="small"
            variant="ghost"
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
            aria-label={`Remove ${provider.id}`}
          >
            Remove
          </Button>
        </>
      )}
    </li>
  );
}

function DefaultModel({
  providers,
  value,
}: {
  readonly providers: readonly ModelProvider[];
  readonly value: string | null;
}) {
  const set = useMutation({
    mutationFn: (model: string) => call('model.set_default', { model }),
    onSuccess: refresh,
    onError: (error) => showError('The default model was not set', error),
  });
  const refs = providers.flatMap((provider) => provider.models.map((model) => `${provider.id}/${model}`));
  if (refs.length === 0) return null;
  return (
    <div className="max-w-sm">
      <Field label="Default model" hint="New sessions begin with it; each message can choose another.">
        {({ id }) => (
          <Select
            id={id}
            value={value}
            placeholder="Choose a model"
            onChange={(model) => set.mutate(model)}
            choices={refs.map((ref) => ({ value: ref, label: ref }))}
          />
        )}
      </Field>
    </div>
  );
}
