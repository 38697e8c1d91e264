import type { Approval } from '@farhand/shared/model/approvals';
import type { ApprovalId } from '@farhand/shared/model/ids';
import dynamic from 'next/dynamic';
import { Popover } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';
import { load } from '@/client/load.ts';
import { useServerState } from '@/client/state-store.ts';
import { Button } from '@/ui/button.tsx';
import { Skeleton } from '@/ui/skeleton.tsx';
import { focusCard } from './focus-card.ts';

/** A question with its answers, loaded with the first that is opened. */
export const LazyApprovalCard = dynamic<{ readonly approval: Approval; readonly compact?: boolean }>(
  () =>
    load(async () => (await (await import('../shell/open-workspace.ts')).loadApprovalCard()).ApprovalCard),
  { ssr: false, loading: () => <Skeleton className="h-32 w-full" /> },
);

interface NeedCardProps {
  readonly approvalId: ApprovalId;
  /** The row that it belongs to. */
  readonly anchor: RefObject<HTMLElement | null>;
  /** Below its row, not beside it. */
  readonly isInline: boolean;
  onGo(): void;
  onClose(): void;
}

/** The card of a question, opened from its row in the list of what needs the person. */
export function NeedCard({ approvalId, anchor, isInline, onGo, onClose }: NeedCardProps) {
  const approval = useServerState((state) => state.approvals[approvalId]);
  if (!approval) return null;
  const card = (
    <div className="flex flex-col gap-2" ref={isInline ? undefined : focusCard}>
      <LazyApprovalCard approval={approval} compact />
      {approval.sessionId !== null && (
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onGo}>
            Go to the session
          </Button>
        </div>
      )}
    </div>
  );
  return isInline ? (
    <div className="px-1 pb-2" ref={bringUp}>
      {card}
    </div>
  ) : (
    <Beside anchor={anchor} onClose={onClose}>
      {card}
    </Beside>
  );
}

// A card that opens in the lower half would stand below the screen's edge.
function bringUp(card: HTMLElement | null): void {
  if (card && card.getBoundingClientRect().top > window.innerHeight / 2)
    card.closest('li')?.scrollIntoView({ block: 'start' });
}

interface BesideProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
  onClose(): void;
}

function Beside({ anchor, children, onClose }: BesideProps) {
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Popover.Portal>
        <Popover.Content
          side="right"
          align="end"
          aria-label="Question of an agent"
          sideOffset={36}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => {
            // The row closes by its own click.
            if (anchor.current?.contains(event.target as Node)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus();
          }}
          className="z-30 max-h-(--radix-popover-content-available-height) w-[34rem] max-w-[calc(100vw-1rem)] overflow-y-auto rounded-ui bg-raised text-ui text-text shadow-float outline-none"
        >
          <div className="p-3">{children}</div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
