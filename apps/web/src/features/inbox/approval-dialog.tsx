import type { ApprovalId } from '@farhand/shared/model/ids';
import { useEffect } from 'react';
import { useServerState } from '@/client/state-store.ts';
import { closeDialog } from '@/client/view-store.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogBody } from '@/ui/dialog.tsx';
import { showPane } from '../panes/pane-host.ts';
import { focusCard } from './focus-card.ts';
import { LazyApprovalCard } from './need-card.tsx';

/** One question by itself, as the palette and the key for the oldest open it; it closes when it is answered. */
export default function ApprovalDialog({ approvalId }: { readonly approvalId: ApprovalId }) {
  const approval = useServerState((state) => state.approvals[approvalId]);
  const isGone = useServerState((state) => state.isLoaded && !state.approvals[approvalId]);
  useEffect(() => {
    if (isGone) closeDialog();
  }, [isGone]);
  if (!approval) return null;
  const { workspaceId, sessionId } = approval;
  const pane = workspaceId && sessionId ? { kind: 'agent' as const, workspaceId, sessionId } : null;
  const go = (shown: NonNullable<typeof pane>) => {
    closeDialog();
    setTimeout(() => showPane(shown));
  };
  return (
    <Dialog
      title={pane ? 'Question of an agent' : 'Question'}
      isTitleHidden
      onClose={closeDialog}
      width="wide"
    >
      <DialogBody className="p-0!">
        <div className="flex flex-col gap-4 p-4">
          <div data-autofocus tabIndex={-1} className="outline-none" ref={focusCard}>
            <LazyApprovalCard approval={approval} />
          </div>
          <div className="flex justify-end gap-2">
            {pane && (
              <Button variant="ghost" onClick={() => go(pane)}>
                Go to the session
              </Button>
            )}
            <Button onClick={closeDialog}>Later</Button>
          </div>
        </div>
      </DialogBody>
    </Dialog>
  );
}
