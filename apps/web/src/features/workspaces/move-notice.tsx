import type { Workspace } from '@farhand/shared/model/workspaces';
import { moveText } from './move-text.ts';

/** The line above the panes of a workspace that will move, or has moved just now. */
export function MoveNotice({ workspace }: { readonly workspace: Workspace }) {
  const told = moveText(workspace);
  if (!told || workspace.state !== 'ready') return null;
  return (
    <output className="flex min-h-9 flex-wrap items-center gap-x-2 border-b border-hairline bg-working-wash px-4 py-1 text-small">
      <span className="font-medium">{told.title}</span>
      <span className="text-text-2">{told.text}</span>
    </output>
  );
}
