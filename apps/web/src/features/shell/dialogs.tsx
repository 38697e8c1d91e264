import dynamic from 'next/dynamic';
import { load } from '@/client/load.ts';
import { useView } from '@/client/view-store.ts';

const CreateDialog = dynamic(() => load(() => import('../workspaces/create-dialog.tsx')), { ssr: false });
const DeleteDialog = dynamic(() => load(() => import('../workspaces/delete-dialog.tsx')), { ssr: false });
const CompareDialog = dynamic(() => load(() => import('../comparisons/compare-dialog.tsx')), { ssr: false });
const ForkDialog = dynamic(() => load(() => import('../workspaces/fork-dialog.tsx')), { ssr: false });
const MoveDialog = dynamic(() => load(() => import('../workspaces/move-dialog.tsx')), { ssr: false });
const AnswerDialog = dynamic(() => load(() => import('../hosts/answer-dialog.tsx')), { ssr: false });
const Palette = dynamic(() => load(() => import('../palette/palette.tsx')), { ssr: false });
const SettingsDialog = dynamic(() => load(() => import('../settings/settings-dialog.tsx')), { ssr: false });
const ApprovalDialog = dynamic(() => load(() => import('../inbox/approval-dialog.tsx')), { ssr: false });
const BoardDialog = dynamic(() => load(() => import('../panes/board-dialog.tsx')), { ssr: false });
const KeysDialog = dynamic(() => load(() => import('../keys/keys-dialog.tsx')), { ssr: false });

/** The dialog that is open, if one is; each is loaded when first asked for. */
export function Dialogs() {
  const dialog = useView((view) => view.dialog);
  switch (dialog?.kind) {
    case 'new_workspace':
      return <CreateDialog projectId={dialog.projectId} />;
    case 'delete_workspace':
      return <DeleteDialog workspaceId={dialog.workspaceId} />;
    case 'compare':
      return <CompareDialog workspaceId={dialog.workspaceId} prompt={dialog.prompt} />;
    case 'fork_workspace':
      return <ForkDialog workspaceId={dialog.workspaceId} sessionId={dialog.sessionId} />;
    case 'move_workspace':
      return <MoveDialog workspaceId={dialog.workspaceId} />;
    case 'answer_host':
      return <AnswerDialog key={dialog.hostId} hostId={dialog.hostId} />;
    case 'palette':
      return <Palette initialQuery={dialog.query} />;
    case 'settings':
      return <SettingsDialog part={dialog.part} projectId={dialog.projectId} />;
    case 'approval':
      return <ApprovalDialog key={dialog.approvalId} approvalId={dialog.approvalId} />;
    case 'board':
      return <BoardDialog choice={dialog.choice} />;
    case 'keys':
      return <KeysDialog />;
    case undefined:
      return null;
  }
}
