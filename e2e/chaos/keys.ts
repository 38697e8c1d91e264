import type { TerminalId } from '@farhand/shared/model/ids';
import type { ClientFrame, WireError } from '@farhand/shared/protocol/frames';

/** What became of keys: at the host, said not to be there, or no answer, because the server or the socket went. */
export type KeysFate = 'delivered' | 'refused' | 'unanswered';

export interface Keys {
  /** Null where there is no connection to the server: nothing was sent. */
  type(terminalId: TerminalId, text: string): Promise<KeysFate> | null;
  done(id: number, error: WireError | null): void;
  /** The socket is gone. */
  lost(): void;
}

/** Numbers what is typed and keeps what waits for its answer. */
export function createKeys(send: (frame: ClientFrame) => boolean): Keys {
  const waiting = new Map<number, (fate: KeysFate) => void>();
  let lastId = 0;
  return {
    type(terminalId, text) {
      const id = ++lastId;
      if (!send({ type: 'terminal_input', id, terminalId, text })) return null;
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    done(id, error) {
      waiting.get(id)?.(error === null ? 'delivered' : 'refused');
      waiting.delete(id);
    },
    lost() {
      for (const resolve of waiting.values()) resolve('unanswered');
      waiting.clear();
    },
  };
}
