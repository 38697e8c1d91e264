import type { Workspace } from '@farhand/shared/model/workspaces';
import { Button } from '@/ui/button.tsx';
import { moveText } from './move-text.ts';
import { cancelMove } from './workspace-actions.ts';

/** The line above the panes of a workspace that will move, or has moved just now. */
export function MoveNotice({ workspace }: { readonly workspace: Workspace }) {
  const told = moveText(workspace);
  if (!told || workspace.state !== 'ready') return null;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-2 border-b border-hairline bg-working-wash px-4 py-1 text-small">
      <output className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
        <span className="font-medium">{told.title}</span>
        <span className="text-text-2">{told.text}</span>
      </output>
      {workspace.move?.state === 'waiting' && (
        <Button size="small" variant="ghost" className="phone:h-11" onClick={() => cancelMove(workspace)}>
          Cancel the move
        </Button>
      )}
    </div>
  );
}
