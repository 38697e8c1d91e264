import { useSyncExternalStore } from 'react';

/** True while the media query holds. */
function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}

/** True on a phone's width, where one thing is shown at a time. */
export const useIsPhone = (): boolean => useMedia('(width <= 640px)');
