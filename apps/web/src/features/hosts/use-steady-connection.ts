import type { ConnectionState, HostId } from '@farhand/shared/model/hosts';
import { useState } from 'react';
import { useHost } from '@/client/state-store.ts';
import { steadyConnection } from './steady-connection.ts';

/** The steady connection of a host; null where the host is not known. */
export function useSteadyConnection(hostId: HostId | undefined): ConnectionState | null {
  const connection = useHost(hostId ?? ('' as HostId))?.connection ?? null;
  const [seen, setSeen] = useState({ connection, shown: connection });
  if (seen.connection === connection) return seen.shown;
  const shown = connection && seen.shown ? steadyConnection(seen.shown, connection) : connection;
  setSeen({ connection, shown });
  return shown;
}
