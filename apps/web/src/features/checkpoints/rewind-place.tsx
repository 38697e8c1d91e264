import type { SessionId } from '@farhand/shared/model/ids';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { load } from '@/client/load.ts';
import { rewindStore } from './rewind-store.ts';

const RewindDialog = lazy(() => load(() => import('./rewind-dialog.tsx')));

/** Where a session's rewind is looked at, once one is asked for. */
export function RewindPlace({ sessionId }: { readonly sessionId: SessionId }) {
  const asked = useStore(rewindStore, (state) => (state.asked?.sessionId === sessionId ? state.asked : null));
  if (!asked) return null;
  return (
    <Suspense fallback={null}>
      <RewindDialog key={asked.to} {...asked} />
    </Suspense>
  );
}
