/** Puts on record when a host is connected, lost or refused. */
import type { ConnectionState } from '@farhand/shared/model/hosts';
import type { Runtime } from '@farhand/shared/runtime/port';
import type { AuditEntry } from '../audit/audit.ts';

type Record = (entry: AuditEntry) => void;

/** Until the returned function is called. `record` may keep an entry for later: what it tells of has happened. */
export function recordConnections(
  runtime: Runtime,
  methodOf: () => string | null,
  record: Record,
): () => void {
  let before: ConnectionState['state'] = 'idle';
  const look = () => {
    const connection = runtime.connection();
    const was = before;
    before = connection.state;
    if (was === connection.state) return;
    const told = tellingOf(connection, was, runtime, methodOf());
    if (told === null) return;
    record({
      kind: 'connection',
      actor: { kind: 'server', name: null },
      hostId: runtime.hostId,
      workspaceId: null,
      sessionId: null,
      output: null,
      ...told,
    });
  };
  look();
  return runtime.watchConnection(look);
}

function tellingOf(
  connection: ConnectionState,
  was: string,
  runtime: Runtime,
  method: string | null,
): Pick<AuditEntry, 'summary' | 'facts'> | null {
  const { hostId } = runtime;
  const address = runtime.address?.() ?? null;
  const facts = { ...address, method };
  const place = address === null ? '' : ` as ${address.user} at ${address.hostname}, port ${address.port}`;
  switch (connection.state) {
    case 'connected':
      return { summary: `Connected to ${hostId}${place}`, facts: { event: 'connected', ...facts } };
    case 'refused': {
      const { code, message, keyChange } = connection;
      const event = keyChange === null ? 'refused' : 'key_changed';
      return { summary: message, facts: { event, code, ...facts, ...(keyChange && { keyChange }) } };
    }
    default:
      return was === 'connected'
        ? { summary: `The connection to ${hostId} was lost`, facts: { event: 'lost', ...facts } }
        : null;
  }
}
