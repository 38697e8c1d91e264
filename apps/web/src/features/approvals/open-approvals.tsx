import type { SessionId } from '@farhand/shared/model/ids';
import { lazy, Suspense } from 'react';
import { load } from '@/client/load.ts';
import { useServerState } from '@/client/state-store.ts';
import { Skeleton } from '@/ui/skeleton.tsx';
import { openApprovals } from './waiting.ts';

// Most looks at a session meet no question.
const ApprovalCard = lazy(() =>
  load(() => import('./approval-card.tsx').then((module) => ({ default: module.ApprovalCard }))),
);

/**
 * The questions of a session and of its sub-agents, above its composer: the oldest as a card. There it can be answered
 * wherever the transcript is scrolled to.
 */
export function OpenApprovals({ sessionId }: { readonly sessionId: SessionId }) {
  const waiting = useServerState((state) => openApprovals(state, sessionId));
  const [first] = waiting;
  if (!first) return null;
  return (
    <div className="mx-auto mb-2 max-h-[60%] w-full max-w-[820px] shrink-0 overflow-y-auto px-4">
      <Suspense fallback={<Skeleton className="h-32 w-full" />}>
        <ApprovalCard key={first.id} approval={first} />
      </Suspense>
      {waiting.length > 1 && (
        <p className="pt-1 text-small text-text-3">
          {waiting.length - 1} more {waiting.length === 2 ? 'question waits' : 'questions wait'} after this
          one
        </p>
      )}
    </div>
  );
}
