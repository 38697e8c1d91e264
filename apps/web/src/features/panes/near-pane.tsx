import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Pane } from './pane.ts';
import { PaneContent } from './pane-content.tsx';

/** What a pane of a board shows. Out of sight it draws nothing. */
export function NearPane({ pane, isActive }: { readonly pane: Pane; readonly isActive: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useIsNear(place);
  return (
    <div ref={place} className="h-full min-h-0 bg-pane">
      {isNear && <PaneContent pane={pane} isActive={isActive} />}
    </div>
  );
}

// Near enough to be drawn before it is scrolled to: of the board itself, where the browser can tell that.
const MARGIN = '200px';
const NEAR = { rootMargin: MARGIN, scrollMargin: MARGIN };

function useIsNear(of: RefObject<HTMLElement | null>): boolean {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    if (!of.current) return;
    // Several at once where it moved meanwhile: the last of them holds.
    const observer = new IntersectionObserver(
      (entries) => setIsNear(entries.at(-1)?.isIntersecting ?? false),
      NEAR,
    );
    observer.observe(of.current);
    return () => observer.disconnect();
  }, [of]);
  return isNear;
}
