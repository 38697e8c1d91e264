import { FarhandError } from '@farhand/shared/errors/farhand-error';
import type { ClientFrame } from '@farhand/shared/protocol/frames';
import type { WebSocket } from 'ws';
import type { Terminals } from '../../terminals/terminals.ts';
import type { Outbox } from './outbox.ts';

type InputFrame = Extract<ClientFrame, { type: 'terminal_input' }>;

/** Keys on their way to hosts, above which the socket is not read: a large paste to a host that is out of reach. */
const MAX_PENDING_LETTERS = 1024 * 1024;

/** Passes keys on, in the order they came, and tells the client when they reached the host. */
export function createTerminalInput(terminals: Pick<Terminals, 'input'>, socket: WebSocket, outbox: Outbox) {
  let pending = 0;
  const pass = async ({ terminalId, text }: InputFrame) => {
    try {
      await terminals.input(terminalId, text);
      return null;
    } catch (thrown) {
      return FarhandError.from(thrown).toJSON();
    }
  };
  return async (frame: InputFrame): Promise<void> => {
    pending += frame.text.length;
    if (pending > MAX_PENDING_LETTERS) socket.pause();
    const error = await pass(frame);
    pending -= frame.text.length;
    if (socket.isPaused && pending <= MAX_PENDING_LETTERS) socket.resume();
    outbox.send({ type: 'terminal_input_done', id: frame.id, error });
  };
}
