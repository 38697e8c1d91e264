import type { Session } from '@farhand/shared/model/sessions';
import { useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { decideSend } from './queue.ts';
import { setQueued, useQueued } from './queue-store.ts';

interface Sending {
  readonly error: ApiError | null;
  readonly isSending: boolean;
  readonly isStopping: boolean;
  /** Sends or queues; false where the text was not taken and stays in the composer. */
  send(text: string, model: string | null): Promise<boolean>;
  stop(): Promise<void>;
  clearError(): void;
}

/** Sending to a session and stopping it, with what went wrong. */
export function useSend(session: Session): Sending {
  const [error, setError] = useState<ApiError | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [isStopping, setIsStopping] = useState(false);
  const queued = useQueued(session.id);
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

  return {
    error,
    isSending,
    isStopping,
    clearError: () => setError(null),
    async send(text, model) {
      const decision = decideSend(text, session.state, queued?.queue ?? null);
      if (decision.kind === 'refuse' || isUnderWay.current) return false;
      if (decision.kind === 'queue') {
        setQueued(session.id, decision.queue, model);
        return true;
      }
      isUnderWay.current = true;
      const isSent = await attempt(
        () => call('session.prompt', { sessionId: session.id, text, model }),
        setIsSending,
      );
      isUnderWay.current = false;
      return isSent;
    },
    async stop() {
      await attempt(() => call('session.stop', { sessionId: session.id }), setIsStopping);
    },
  };
}
