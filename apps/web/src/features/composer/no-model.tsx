import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { refreshModels } from './models-store.ts';

/** Stands in place of the composer's tools while no model is set up: how to add a key, or a local endpoint at once. */
export function NoModel() {
  const [isLocal, setIsLocal] = useState(false);
  return (
    <section
      aria-label="No model is set up"
      className="mb-2 rounded-ui border border-hairline-strong bg-raised p-3"
    >
      <h2 className="font-semibold text-text">No model is set up</h2>
      <p className="text-text-2">
        Add a provider’s key, or use a model that runs on the server’s machine. Keys stay on the server.
      </p>
      {isLocal ? (
        <LocalEndpoint />
      ) : (
        <div className="mt-2 flex flex-wrap gap-2">
          <Button variant="primary" onClick={() => openDialog({ kind: 'settings', part: 'models' })}>
            Settings → Models
          </Button>
          <Button onClick={() => setIsLocal(true)}>Use a local endpoint</Button>
        </div>
      )}
    </section>
  );
}

// Where Ollama listens; other servers differ in the port only.
const LOCAL_URL = 'http://127.0.0.1:11434/v1';

function LocalEndpoint() {
  const [baseUrl, setBaseUrl] = useState(LOCAL_URL);
  const [model, setModel] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setIsSaving(true);
    try {
      await call('model.set', {
        id: 'local',
        kind: 'openai_compatible',
        baseUrl: baseUrl.trim(),
        key: null,
        models: [model.trim()],
      });
      await refreshModels();
    } catch (thrown) {
      setError(ApiError.from(thrown));
    } finally {
      setIsSaving(false);
    }
  };
  return (
    <form className="mt-2 flex flex-wrap items-end gap-2" onSubmit={(event) => void save(event)}>
      <div className="min-w-48 flex-2">
        <Field label="Base URL" error={error}>
          {(control) => (
            <Input {...control} value={baseUrl} onChange={(event) => setBaseUrl(event.target.value)} />
          )}
        </Field>
      </div>
      <div className="min-w-32 flex-1">
        <Field label="Model">
          {(control) => (
            <Input
              {...control}
              placeholder="qwen3-coder"
              value={model}
              onChange={(event) => setModel(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Button
        type="submit"
        variant="primary"
        disabled={isSaving || model.trim() === '' || !URL.canParse(baseUrl)}
      >
        Use it
      </Button>
    </form>
  );
}
