import type { Host } from '@farhand/shared/model/hosts';
import { useNow } from '@/client/use-now.ts';
import { hostName, shortConnectionText } from './connection-text.ts';
import { HostButton } from './host-button.tsx';
import { ConnectionDot } from './host-chip.tsx';
import { resting } from './host-standing.ts';

const TONES: Readonly<Partial<Record<Host['connection']['state'], string>>> = {
  refused: 'text-failed',
  retrying: 'text-blocked',
  asking: 'text-blocked',
};

/** A host in the status line: its latency, what it asks, or the countdown to the next try; a click tells more. */
export function HostStatus({ host }: { readonly host: Host }) {
  const { state } = host.connection;
  const now = useNow(1000, state === 'retrying');
  const tone = resting(host.connection) ? undefined : TONES[state];
  return (
    <HostButton hostId={host.id} className="text-small text-text-2">
      <ConnectionDot connection={host.connection} />
      <span className="max-w-40 truncate">{hostName(host.id)}</span>
      <span className={`truncate tabular-nums ${tone ?? 'text-text-3'}`}>
        {shortConnectionText(host.connection, now)}
      </span>
    </HostButton>
  );
}
