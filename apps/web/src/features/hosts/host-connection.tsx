import type { HostId } from '@farhand/shared/model/hosts';
import { LOCAL_HOST } from '@/client/ids.ts';
import { useNow } from '@/client/use-now.ts';
import { Button } from '@/ui/button.tsx';
import { hostName, shortConnectionText } from './connection-text.ts';
import { reconnect } from './host-actions.ts';
import { HostButton } from './host-button.tsx';
import { ConnectionDot } from './host-chip.tsx';
import { resting } from './host-standing.ts';
import { useSteadyConnection } from './use-steady-connection.ts';

/** The connection of a workspace's host in its header; a click on it tells more. */
export function HostConnection({ hostId }: { readonly hostId: HostId }) {
  const connection = useSteadyConnection(hostId) ?? { state: 'idle' as const };
  const isRetrying = connection.state === 'retrying';
  const now = useNow(1000, isRetrying);
  const isTrouble =
    !resting(connection) && (isRetrying || connection.state === 'refused' || connection.state === 'asking');
  const attempt = isRetrying && connection.attempt > 0 ? `attempt ${connection.attempt}, ` : '';
  return (
    <>
      <HostButton
        hostId={hostId}
        className="shrink-0 text-small text-text-3 phone:max-w-32 phone:min-w-16 phone:shrink-3"
      >
        <ConnectionDot connection={connection} />
        <span className="truncate">{hostId === LOCAL_HOST ? 'local' : hostName(hostId)}</span>
        <span
          className={
            isTrouble
              ? `truncate tabular-nums phone:hidden ${connection.state === 'refused' ? 'text-failed' : 'text-blocked'}`
              : 'tabular-nums phone:hidden'
          }
        >
          {attempt}
          {shortConnectionText(connection, now)}
        </span>
      </HostButton>
      {isRetrying && (
        <Button size="small" className="phone:hidden" onClick={() => reconnect(hostId)}>
          Retry now
        </Button>
      )}
    </>
  );
}
