import { ChevronDown } from 'lucide-react';
import type { ChosenModel } from './use-model.ts';

/** Which model answers, out of all that are set up. */
export function ModelSelect({ model }: { readonly model: ChosenModel }) {
  if (model.options.length === 0)
    return <span className="text-small text-text-3">{model.isNone ? 'No model' : ''}</span>;
  const providers = [...new Set(model.options.map((option) => option.provider))];
  return (
    <span className="relative flex min-w-0 items-center text-small text-text-2 hover:text-text">
      <select
        aria-label="Model"
        value={model.ref ?? ''}
        onChange={(event) => model.choose(event.target.value)}
        className="composer-select"
      >
        {providers.map((provider) => (
          <optgroup key={provider} label={provider}>
            {model.options
              .filter((option) => option.provider === provider)
              .map((option) => (
                <option key={option.ref} value={option.ref}>
                  {option.label}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <ChevronDown className="pointer-events-none absolute right-1 size-3 text-text-3" aria-hidden />
    </span>
  );
}
