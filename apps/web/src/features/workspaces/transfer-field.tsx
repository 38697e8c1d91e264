import type { TransferMode } from '@farhand/shared/model/workspaces';
import { useId } from 'react';

const CHOICES: readonly { readonly value: TransferMode; readonly label: string; readonly note: string }[] = [
  {
    value: 'history',
    label: 'The branch and its history',
    note: 'Committed work only; the agent can read the log.',
  },
  {
    value: 'history_and_changes',
    label: 'Also uncommitted changes',
    note: 'What your checkout has now, as changes there too.',
  },
  {
    value: 'tree_only',
    label: 'Only the files',
    note: 'One commit without history, for a host that you trust least.',
  },
];

interface TransferFieldProps {
  readonly value: TransferMode;
  readonly onChange: (value: TransferMode) => void;
}

/** Chooses what travels to the host. */
export function TransferField({ value, onChange }: TransferFieldProps) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-small font-medium text-text-2">What is sent to the host</legend>
      {CHOICES.map((choice) => (
        <label
          key={choice.value}
          className="grid grid-cols-[1rem_1fr] items-start gap-x-2 rounded-ui px-2 py-1.5 hover:bg-hover has-checked:bg-hover"
        >
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          {choice.label}
          <span className="col-start-2 text-small text-text-3">{choice.note}</span>
        </label>
      ))}
    </fieldset>
  );
}
