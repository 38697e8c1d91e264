import { Field } from '@/ui/field.tsx';
import { Select } from '@/ui/select.tsx';
import { useSandboxProfiles } from './profiles-query.ts';

interface ProfileFieldProps {
  /** Null for the default. */
  readonly value: string | null;
  readonly onChange: (profile: string) => void;
}

/** The sandbox of a workspace to be, with what it means in one line. */
export function ProfileField({ value, onChange }: ProfileFieldProps) {
  const { data } = useSandboxProfiles();
  const chosen = value ?? data?.defaultProfile ?? null;
  const profile = data?.profiles.find(({ name }) => name === chosen);
  return (
    <Field label="Sandbox" hint={profile?.description ?? ' '}>
      {(control) => (
        <Select
          id={control.id}
          value={chosen}
          onChange={onChange}
          choices={(data?.profiles ?? []).map(({ name }) => ({ value: name, label: name }))}
        />
      )}
    </Field>
  );
}
