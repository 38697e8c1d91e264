import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { Button } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { Segmented } from '@/ui/segmented.tsx';
import { refreshAgents } from './agents-query.ts';

const KINDS = [
  { value: 'acp', label: 'Speaks ACP' },
  { value: 'terminal', label: 'In a terminal' },
] as const;

/** Adds an agent by its command. */
export function CustomAgent() {
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen) return <CustomForm onClose={() => setIsOpen(false)} />;
  return (
    <button type="button" className="agent-row text-text-2" onClick={() => setIsOpen(true)}>
      <Plus className="size-3.5 text-text-3" aria-hidden />A command of your own…
    </button>
  );
}

// It was asked for by a key or a click.
const focus = (element: HTMLElement | null) => element?.focus();

function CustomForm({ onClose }: { onClose(): void }) {
  const [name, setName] = useState('');
  const [command, setCommand] = useState('');
  const [kind, setKind] = useState<(typeof KINDS)[number]['value']>('acp');
  const [error, setError] = useState<ApiError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setIsSaving(true);
    try {
      await call('agent.add', { name: name.trim(), kind, command: command.trim() });
      await refreshAgents();
      onClose();
    } catch (thrown) {
      setError(ApiError.from(thrown));
      setIsSaving(false);
    }
  };
  return (
    <form
      className="mt-1 flex flex-col gap-3 rounded-ui border border-hairline p-3"
      onSubmit={(event) => void save(event)}
    >
      <Field label="Name">
        {(control) => (
          <Input
            {...control}
            ref={focus}
            maxLength={64}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field
        label="Command"
        error={error}
        hint="As the login shell of the host takes it. Keys belong into the project’s secrets, not here."
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            placeholder="my-agent --acp"
            maxLength={4096}
            value={command}
            onChange={({ target }) => setCommand(target.value)}
          />
        )}
      </Field>
      <Segmented label="How it works" value={kind} onChange={setKind} choices={KINDS} />
      <div className="flex gap-2">
        <Button
          type="submit"
          variant="primary"
          className="phone:h-11"
          disabled={isSaving || name.trim() === '' || command.trim() === ''}
        >
          Add it
        </Button>
        <Button className="phone:h-11" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
