import type { Approval } from '@farhand/shared/model/approvals';
import type { CallInput } from '@farhand/shared/protocol/calls';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '@/client/api-error.ts';
import { call } from '@/client/call.ts';
import { useConnection } from '@/client/connection-store.ts';
import { keepDecided } from './decided-store.ts';

export type Decide = CallInput<'approval.decide'>['decision'];

export interface Deciding {
  /** As it stands now: newer than the one that was given where an answer came too late. */
  readonly approval: Approval;
  /**
   * False for a moment after it came, so that a key or a click that was meant for another does not count for it; and
   * while the server cannot be reached.
   */
  readonly canDecide: boolean;
  readonly isSending: boolean;
  readonly error: ApiError | null;
  decide(decision: Decide): Promise<void>;
}

// Longer than a second press of a nervous finger.
const SETTLE_MS = 400;

/** Answers one approval, for exactly what was shown. */
export function useDecide(given: Approval): Deciding {
  const [fresh, setFresh] = useState<{ readonly instead: string; readonly approval: Approval } | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [settled, setSettled] = useState('');
  const isConnected = useConnection((state) => state.connection.state === 'connected');
  const isUnderWay = useRef(false);
  // The state of the server wins as soon as it says something new.
  const named = `${given.id} ${given.hash}`;
  const approval = fresh?.instead === named && given.decision === null ? fresh.approval : given;
  const shown = `${approval.id} ${approval.hash}`;
  const show = (newer: Approval | null) => setFresh(newer && { instead: named, approval: newer });
  useEffect(() => {
    const timer = setTimeout(() => setSettled(shown), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  return {
    approval,
    canDecide: settled === shown && !isSending && isConnected,
    isSending,
    error,
    async decide(decision) {
      if (isUnderWay.current || settled !== shown) return;
      isUnderWay.current = true;
      setIsSending(true);
      setError(null);
      try {
        const { approval: decided } = await call('approval.decide', {
          approvalId: approval.id,
          hash: approval.hash,
          decision,
        });
        keepDecided(decided);
        show(decided);
      } catch (thrown) {
        const failed = ApiError.from(thrown);
        setError(failed);
        if (failed.code === 'approval.already_decided' || failed.code === 'approval.changed')
          show(await lookAgain(approval));
      } finally {
        isUnderWay.current = false;
        setIsSending(false);
      }
    },
  };
}

// What came in between: another person's answer, or another question in its place.
async function lookAgain(known: Approval): Promise<Approval | null> {
  try {
    const { approvals } = await call('approval.list', { sessionId: known.sessionId, isOpen: false });
    const found = approvals.find(({ id }) => id === known.id) ?? null;
    if (found?.decision) keepDecided(found);
    return found;
  } catch {
    // The state of the server brings it too, only later.
    return null;
  }
}
