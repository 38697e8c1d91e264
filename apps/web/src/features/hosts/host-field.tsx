import type { CoderWorkspace } from '@farhand/shared/model/coder';
import { parseHostTarget } from '@farhand/shared/model/host-target';
import { ApiError } from '@/client/api-error.ts';
import { useServerState } from '@/client/state-store.ts';
import { Combobox } from '@/ui/combobox.tsx';
import { Field } from '@/ui/field.tsx';
import { coderChoices, useCoderHosts, useHostChoices } from './host-choices.tsx';
import { takenAway } from './host-standing.ts';

interface HostFieldProps {
  /** As typed: `local`, an alias, `user@host`, `ssh://user@host:port/path`. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the server said of this value. */
  readonly error: ApiError | null;
  /** True where the focus begins when the dialog around it opens. */
  readonly hasFirstFocus?: boolean;
}

/** Chooses a host: this machine, one of the person's, a workspace of Coder's, or anything typed that ssh takes. */
export function HostField({ value, onChange, error, hasFirstFocus = false }: HostFieldProps) {
  const hosts = useHostChoices();
  const coder = useCoderHosts();
  const hostId = parseHostTarget(value)?.hostId;
  const connection = useServerState((state) => (hostId ? state.hosts[hostId]?.connection : undefined));
  const away =
    connection?.state === 'refused' && takenAway(connection) ? new ApiError(refusal(connection)) : null;
  const isWrong = value !== '' && hostId === undefined;
  return (
    <Field
      label="Host"
      error={isWrong ? ApiError.of('host.invalid_name') : (error ?? away)}
      hint={hintOf(coder.find((one) => one.hostId === hostId))}
    >
      {(control) => (
        <Combobox
          control={control}
          canType
          hasFirstFocus={hasFirstFocus}
          value={value}
          onChange={onChange}
          choices={[...hosts, ...coderChoices(coder, hosts)]}
          typedLabel={(text) => (parseHostTarget(text) === null ? null : `Use ${text}`)}
        />
      )}
    </Field>
  );
}

const refusal = ({ code, message, hint }: { code: string; message: string; hint: string | null }) => ({
  code,
  message,
  hint,
  retryable: false,
});

function hintOf(workspace: CoderWorkspace | undefined): string {
  if (!workspace || workspace.status === 'running')
    return 'This machine, a host of yours, an alias of ~/.ssh/config, user@host or ssh://user@host:port/folder.';
  if (workspace.status === 'stopped')
    return `Coder’s workspace ${workspace.name} is stopped. Connecting starts it, which can take a while.`;
  return `Coder says of the workspace ${workspace.name}: ${workspace.status}.`;
}
