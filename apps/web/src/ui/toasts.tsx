import { lazy, Suspense, useState } from 'react';
import { useStore } from 'zustand';
import { load } from '@/client/load.ts';
import { toastStore } from './toast.tsx';

const Toaster = lazy(() => load(() => import('./toaster.tsx')));

/** Shows toasts from the first one on. Once, at the top of the page. */
export function Toasts() {
  const isAnyWaiting = useStore(toastStore, (toasts) => toasts.waiting.length > 0);
  const [isNeeded, setIsNeeded] = useState(false);
  if (isAnyWaiting && !isNeeded) setIsNeeded(true);
  return isNeeded ? (
    <Suspense fallback={null}>
      <Toaster />
    </Suspense>
  ) : null;
}
