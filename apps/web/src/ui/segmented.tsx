import { useId } from 'react';

interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
}

/** A few choices side by side, one of them taken: radio buttons, moved through by the arrow keys. */
export function Segmented<Value extends string>({ label, value, onChange, choices }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-small font-medium text-text-2">{label}</legend>
      <div className="inline-flex w-fit gap-0.5 rounded-ui border border-hairline-strong bg-field p-0.5">
        {choices.map((choice) => (
          <label
            key={choice.value}
            className="relative rounded-small px-2.5 text-ui leading-6 text-text-2 hover:text-text has-checked:bg-selected has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent-text phone:leading-11"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            {choice.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
