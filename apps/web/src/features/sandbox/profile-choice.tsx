import { NO_SANDBOX } from '@farhand/shared/model/sandbox';
import { useId } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { Skeleton } from '@/ui/skeleton.tsx';
import { InlineError } from '../composer/inline-error.tsx';
import { useSandboxProfiles } from './profiles-query.ts';

interface ProfileChoiceProps {
  /** Read aloud: whose sandbox. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (profile: string) => void;
}

/** Chooses a sandbox profile, with what each means in one line. */
export function ProfileChoice({ label, value, onChange }: ProfileChoiceProps) {
  const name = useId();
  const { data, error } = useSandboxProfiles();
  if (error) return <InlineError error={ApiError.from(error)} />;
  if (!data) return <Skeleton className="h-40" />;
  const isGone = !data.profiles.some((profile) => profile.name === value);
  return (
    <fieldset className="flex flex-col">
      <legend className="sr-only">{label}</legend>
      {isGone && (
        <p role="alert" className="rounded-ui bg-failed-wash px-2 py-1.5">
          The profile “{value}” cannot be used, so nothing starts under it. Choose another one.
        </p>
      )}
      {data.profiles.map((profile) => (
        <label
          key={profile.name}
          className="grid grid-cols-[1rem_1fr] items-start gap-x-2 rounded-ui px-2 py-1.5 hover:bg-hover has-checked:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent-text phone:py-2.5"
        >
          <input
            type="radio"
            name={name}
            checked={profile.name === value}
            onChange={() => onChange(profile.name)}
            className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
          />
          <span className={profile.name === NO_SANDBOX ? 'font-medium text-blocked' : undefined}>
            {profile.name}
          </span>
          <span className="col-start-2 text-small text-text-3">{profile.description}</span>
        </label>
      ))}
    </fieldset>
  );
}
