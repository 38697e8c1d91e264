import type { Workspace } from '@farhand/shared/model/workspaces';
import { showError, showNote } from '@/ui/toast.tsx';
import { useCommand } from '../keys/commands.ts';

/**
 * Answers the commands that open something new in the workspace on the screen: from the moment when it is ready, also
 * while the code of its panes is still on its way. While it is being made they say so.
 */
export function useOpenCommands({ id, name, state }: Workspace): void {
  // Answered before it is ready too: a key may come in the same moment.
  const isAnswered = state === 'ready' || state === 'creating';
  const open = (what: 'showNewTerminal' | 'showNewSession') => {
    if (state !== 'ready') return showNote(`${name} is still being made`, 'Try again when it is ready.');
    import('./open-workspace.ts').then(
      (panes) => panes[what](id),
      (error: unknown) => showError('Not opened', error),
    );
  };
  useCommand('terminal.open', () => open('showNewTerminal'), isAnswered);
  useCommand('session.new', () => open('showNewSession'), isAnswered);
}
