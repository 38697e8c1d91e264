import { parseHostTarget } from '@farhand/shared/model/host-target';
import { ApiError } from '@/client/api-error.ts';
import { Combobox } from '@/ui/combobox.tsx';
import { Field } from '@/ui/field.tsx';
import { useHostChoices } from './host-choices.tsx';

interface HostFieldProps {
  /** As typed: `local`, an alias, `user@host`, `ssh://user@host:port/path`. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the server said of this value. */
  readonly error: ApiError | null;
  /** True where the focus begins when the dialog around it opens. */
  readonly hasFirstFocus?: boolean;
}

/** Chooses a host: this machine, an alias of `~/.ssh/config`, or anything typed that ssh takes. */
export function HostField({ value, onChange, error, hasFirstFocus = false }: HostFieldProps) {
  const choices = useHostChoices();
  const isWrong = value !== '' && parseHostTarget(value) === null;
  return (
    <Field
      label="Host"
      error={isWrong ? ApiError.of('host.invalid_name') : error}
      hint="This machine, an alias of ~/.ssh/config, user@host or ssh://user@host:port/folder."
    >
      {(control) => (
        <Combobox
          control={control}
          canType
          hasFirstFocus={hasFirstFocus}
          value={value}
          onChange={onChange}
          choices={choices}
          typedLabel={(text) => (parseHostTarget(text) === null ? null : `Use ${text}`)}
        />
      )}
    </Field>
  );
}
