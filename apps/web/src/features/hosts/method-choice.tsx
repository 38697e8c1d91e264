import type { ConnectionMethod, Host } from '@farhand/shared/model/hosts';
import { Segmented } from '@/ui/segmented.tsx';

type Choice = ConnectionMethod | 'platform';

const CHOICES: readonly { readonly value: Choice; readonly label: string }[] = [
  { value: 'platform', label: 'Automatic' },
  { value: 'master', label: 'System ssh' },
  { value: 'direct', label: 'Built in' },
];

const IN_USE: Readonly<Record<ConnectionMethod, string>> = {
  master: 'In use: the system’s ssh, one login for all.',
  direct: 'In use: Farhand’s own client, with what ssh -G says of the host.',
};

interface MethodChoiceProps {
  readonly host: Host;
  readonly onChange: (method: ConnectionMethod | null) => void;
}

/** How a host is connected, with the choice of another way, and what was learned of its limits. */
export function MethodChoice({ host, onChange }: MethodChoiceProps) {
  return (
    <>
      <Segmented
        label="Connected by"
        value={host.chosenMethod ?? 'platform'}
        choices={CHOICES}
        onChange={(choice) => onChange(choice === 'platform' ? null : choice)}
      />
      {host.method && <p className="text-small text-text-3">{IN_USE[host.method]}</p>}
      <p className="flex justify-between gap-3 text-small text-text-2">
        <span>Sessions per connection</span>
        <span className="tabular-nums text-text-3">{host.sessionLimit ?? 'no limit met yet'}</span>
      </p>
    </>
  );
}
