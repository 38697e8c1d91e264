import type { Attachment } from '@farhand/shared/model/agents';
import type { ItemId, MessageId } from '@farhand/shared/model/ids';
import type { Session } from '@farhand/shared/model/sessions';
import { useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { stateStore } from '@/client/state-store.ts';
import { MessageIds } from './message-ids.ts';
import { mustQueue } from './queue.ts';

/** A message as the composer has it. */
interface Written {
  readonly text: string;
  /** The model, which may have to be waited for; null for an agent that chooses by itself. */
  readonly model: () => Promise<string | null>;
  readonly attachments: readonly Attachment[];
  /** ISO time before which it is not sent; null for as soon as it can be. */
  readonly notBefore: string | null;
}

interface Sending {
  readonly error: ApiError | null;
  readonly isSending: boolean;
  readonly isStopping: boolean;
  /** Sends or queues; false where the message was not taken and stays in the composer. */
  send(written: Written): Promise<boolean>;
  stop(): Promise<void>;
  clearError(): void;
}

/** Sending to a session and stopping it, with what went wrong. */
export function useSend(session: Session): Sending {
  const [error, setError] = useState<ApiError | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [isStopping, setIsStopping] = useState(false);
  const [ids] = useState(() => new MessageIds());
  // A second Enter comes before React has drawn the first.
  const isUnderWay = useRef(false);

  const attempt = async (run: () => Promise<unknown>, show: (isOn: boolean) => void): Promise<boolean> => {
    show(true);
    setError(null);
    try {
      await run();
      return true;
    } catch (thrown) {
      setError(ApiError.from(thrown));
      return false;
    } finally {
      show(false);
    }
  };

  const post = async ({ text, model, attachments, notBefore }: Written) => {
    const id = ids.for(JSON.stringify([text, notBefore, attachments.length]));
    const message = {
      sessionId: session.id,
      text,
      model: await model(),
      attachments: [...attachments],
    };
    const queued = Object.values(stateStore.getState().queuedMessages).filter(
      ({ sessionId }) => sessionId === session.id,
    );
    try {
      if (notBefore !== null || mustQueue(session.state, queued))
        await call('queue.add', { ...message, notBefore, messageId: `msg_${id}` as MessageId });
      else await call('session.prompt', { ...message, messageId: `itm_${id}` as ItemId });
      ids.settle();
    } catch (thrown) {
      // Where no answer came it may have been taken: tried again, it is the same message.
      if (ApiError.from(thrown).code !== 'server.unreachable') ids.settle();
      throw thrown;
    }
  };

  return {
    error,
    isSending,
    isStopping,
    clearError: () => setError(null),
    async send(written) {
      if (written.text.trim() === '' || isUnderWay.current) return false;
      isUnderWay.current = true;
      const isSent = await attempt(() => post(written), setIsSending);
      isUnderWay.current = false;
      return isSent;
    },
    async stop() {
      await attempt(() => call('session.stop', { sessionId: session.id }), setIsStopping);
    },
  };
}
