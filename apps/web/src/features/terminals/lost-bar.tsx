import { askText, secondsUntil } from '@farhand/shared/model/connection-text';
import type { TerminalId } from '@farhand/shared/model/ids';
import { formatBytes } from '@/client/bytes.ts';
import { useTerminal, useWorkspace } from '@/client/state-store.ts';
import { useNow } from '@/client/use-now.ts';
import { openDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { hostName } from '../hosts/connection-text.ts';
import { reconnect } from '../hosts/host-actions.ts';
import { useSteadyConnection } from '../hosts/use-steady-connection.ts';
import type { TypedAhead } from './typed-ahead.ts';

interface LostBarProps {
  readonly terminalId: TerminalId;
  readonly typed: TypedAhead;
  /** Of keys that wait at the server. */
  readonly heldBytes: number;
  onDiscard(): void;
}

/** Says that the host is out of contact, when it is tried again, and what was typed and waits. */
export function LostBar({ terminalId, typed, heldBytes, onDiscard }: LostBarProps) {
  const workspace = useWorkspace(useTerminal(terminalId)?.workspaceId ?? ('' as never));
  const hostId = workspace?.hostId;
  const connection = useSteadyConnection(hostId);
  const now = useNow(1000, connection?.state === 'retrying');
  const host = hostId ? hostName(hostId) : 'the host';
  return (
    <div className="terminal-bar terminal-bar-lost">
      <output className="min-w-0">No contact with {host}, it runs on.</output>
      {connection?.state === 'retrying' && (
        <span className="tabular-nums">
          {Date.parse(connection.nextAt) <= now
            ? 'Trying again now.'
            : `Next try in ${secondsUntil(connection.nextAt, now)} s.`}
        </span>
      )}
      {connection?.state === 'connecting' && <span>Trying again now.</span>}
      {connection?.state === 'asking' && <span>It {askText(connection.question)}.</span>}
      {hostId && (connection?.state === 'retrying' || connection?.state === 'refused') && (
        <Button size="small" onClick={() => reconnect(hostId)}>
          {connection.state === 'retrying' ? 'Retry now' : 'Try again'}
        </Button>
      )}
      {hostId && connection?.state === 'asking' && (
        <Button size="small" onClick={() => openDialog({ kind: 'answer_host', hostId })}>
          Answer
        </Button>
      )}
      {heldBytes > 0 && <output className="tabular-nums">Keys wait for it: {formatBytes(heldBytes)}.</output>}
      <Waiting typed={typed} onDiscard={onDiscard} />
    </div>
  );
}

/** `12 characters`, `1 character`. */
export const charactersText = ({ text }: TypedAhead): string =>
  `${text.length} ${text.length === 1 ? 'character' : 'characters'}`;

function Waiting({ typed, onDiscard }: Pick<LostBarProps, 'typed' | 'onDiscard'>) {
  if (typed.text === '' && !typed.isFull) return null;
  return (
    <span className="ml-auto flex items-center gap-2">
      <output className="tabular-nums">
        {charactersText(typed)} {typed.text.length === 1 ? 'waits' : 'wait'}
        {typed.isFull && '; more was refused'}
      </output>
      <Button size="small" onClick={onDiscard}>
        Discard
      </Button>
    </span>
  );
}
