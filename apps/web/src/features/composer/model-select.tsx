import { ControlSelect } from './control-select.tsx';
import type { ChosenModel } from './use-model.ts';

/** Which model answers, out of all that are set up. */
export function ModelSelect({ model }: { readonly model: ChosenModel }) {
  if (model.options.length === 0)
    return <span className="text-small text-text-3">{model.isNone ? 'No model' : ''}</span>;
  return (
    <ControlSelect
      label="Model"
      value={model.ref ?? ''}
      choices={model.options.map(({ ref, label, provider }) => ({
        value: ref,
        name: label,
        description: null,
        group: provider,
      }))}
      onChange={model.choose}
    />
  );
}
