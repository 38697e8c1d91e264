import type { ApprovalPolicy } from '@farhand/shared/model/approvals';
import { useId } from 'react';
import { POLICIES } from './policy-text.ts';

interface PolicyChoiceProps {
  /** Read aloud: whose policy. */
  readonly label: string;
  readonly value: ApprovalPolicy;
  readonly onChange: (policy: ApprovalPolicy) => void;
}

/** Chooses when agents have to ask, with what each choice means. */
export function PolicyChoice({ label, value, onChange }: PolicyChoiceProps) {
  const name = useId();
  return (
    <fieldset className="flex flex-col">
      <legend className="sr-only">{label}</legend>
      {POLICIES.map(({ policy, label: title, sentence }) => (
        <label
          key={policy}
          className="grid grid-cols-[1rem_1fr] items-start gap-x-2 rounded-ui px-2 py-1.5 hover:bg-hover has-checked:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent-text phone:py-2.5"
        >
          <input
            type="radio"
            name={name}
            checked={policy === value}
            onChange={() => onChange(policy)}
            className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
          />
          <span className={policy === 'never' ? 'font-medium text-blocked' : undefined}>{title}</span>
          <span className="col-start-2 text-small text-text-3">{sentence}</span>
        </label>
      ))}
    </fieldset>
  );
}
