import type { ApprovalDecision } from '@farhand/shared/model/approvals';
import type { ApprovalId } from '@farhand/shared/model/ids';

/** Who waits in this process for the answer to a question. */
export interface Waiting {
  /** Resolves with the decision; `onAbort` is called when `signal` is aborted before, and says what counts then. */
  wait(id: ApprovalId, signal: AbortSignal, onAbort: () => ApprovalDecision): Promise<ApprovalDecision>;
  /** Tells all who wait for this one. */
  tell(id: ApprovalId, decision: ApprovalDecision): void;
  /** Tells all who wait for any, now and from now on. */
  close(decision: ApprovalDecision): void;
}

export function createWaiting(): Waiting {
  const waiting = new Map<ApprovalId, Set<(decision: ApprovalDecision) => void>>();
  let atClose: ApprovalDecision | null = null;
  const tell = (id: ApprovalId, decision: ApprovalDecision) => {
    const listeners = waiting.get(id) ?? [];
    waiting.delete(id);
    for (const listener of listeners) listener(decision);
  };
  return {
    tell,
    async wait(id, signal, onAbort) {
      if (atClose) return atClose;
      if (signal.aborted) return onAbort();
      const listeners = waiting.get(id) ?? new Set();
      waiting.set(id, listeners);
      let leave = () => {};
      try {
        return await new Promise<ApprovalDecision>((resolve) => {
          listeners.add(resolve);
          const onSignal = () => resolve(onAbort());
          signal.addEventListener('abort', onSignal, { once: true });
          leave = () => {
            listeners.delete(resolve);
            signal.removeEventListener('abort', onSignal);
          };
        });
      } finally {
        leave();
        if (listeners.size === 0 && waiting.get(id) === listeners) waiting.delete(id);
      }
    },
    close(decision) {
      atClose = decision;
      for (const id of waiting.keys()) tell(id, decision);
    },
  };
}
