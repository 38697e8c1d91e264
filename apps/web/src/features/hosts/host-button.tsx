import type { HostId } from '@farhand/shared/model/hosts';
import dynamic from 'next/dynamic';
import { type ReactNode, useRef, useState } from 'react';
import { load } from '@/client/load.ts';
import { cx } from '@/ui/cx.ts';

const HostPopover = dynamic(() => load(() => import('./host-popover.tsx')), { ssr: false });

interface HostButtonProps {
  readonly hostId: HostId;
  readonly className?: string;
  /** What stands for the host. */
  readonly children: ReactNode;
}

/** A host that tells more of its connection when it is clicked. */
export function HostButton({ hostId, className, children }: HostButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        type="button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className={cx(
          'inline-flex h-6 min-w-0 items-center gap-1.5 rounded-small px-1.5 hover:bg-hover phone:h-11',
          isOpen && 'bg-hover',
          className,
        )}
      >
        {children}
      </button>
      {isOpen && <HostPopover hostId={hostId} anchor={button} onClose={() => setIsOpen(false)} />}
    </>
  );
}
