import type { TerminalId } from '@farhand/shared/model/ids';
import { encodeOutput } from '@farhand/shared/protocol/binary';
import type { ServerFrame } from '@farhand/shared/protocol/frames';
import type { Terminals } from '../../terminals/terminals.ts';
import type { Outbox } from './outbox.ts';

type TerminalState = Extract<ServerFrame, { type: 'terminal_state' }>;

/** Bytes on the way to a browser that it has not drawn yet. More of it in flight than this only makes keys slow. */
const WINDOW_BYTES = 1024 * 1024;

export interface TerminalSubscription {
  /** The client has drawn this many bytes since the subscription began. */
  ack(bytes: number): void;
  end(): void;
}

/** Sends a terminal's output from byte `after` on. Its source waits while the client has a window full to draw. */
export function subscribeTerminal(
  { sub, terminalId, after }: { sub: number; terminalId: TerminalId; after: number },
  terminals: Pick<Terminals, 'watch'>,
  outbox: Outbox,
): TerminalSubscription {
  let sent = 0;
  let acked = 0;
  let isEnded = false;
  let goOn: (() => void) | null = null;
  let shown: Pick<TerminalState, 'state' | 'exit'> = { state: 'contact_lost', exit: null };
  let queuedBytes = 0;
  const tell = () => outbox.send({ type: 'terminal_state', sub, ...shown, queuedBytes });

  const isFull = () => !isEnded && sent - acked > WINDOW_BYTES;
  const wake = () => {
    if (isFull()) return;
    goOn?.();
    goOn = null;
  };
  const room = async () => {
    if (isFull()) await new Promise<void>((resolve) => (goOn = resolve));
    if (!isEnded && outbox.isCongested) await outbox.drained();
  };
  const unwatch = terminals.watch(terminalId, after, {
    onOutput(offset, bytes) {
      if (isEnded) return;
      outbox.sendBytes(encodeOutput({ sub, offset, bytes }));
      sent += bytes.byteLength;
      return isFull() || outbox.isCongested ? room() : undefined;
    },
    onMissed: (from, to) => outbox.send({ type: 'terminal_missed', sub, from, to }),
    onState(state, exit) {
      shown = { state, exit };
      tell();
    },
    onHeldInput(bytes) {
      queuedBytes = bytes;
      tell();
    },
  });
  return {
    ack(bytes) {
      acked = Math.max(acked, Math.min(bytes, sent));
      wake();
    },
    end() {
      isEnded = true;
      unwatch();
      wake();
    },
  };
}
