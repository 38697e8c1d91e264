import type { Terminal } from '@farhand/shared/model/terminals';
import type { Status } from '@/ui/status-mark.tsx';
import { isActivityUnread } from '../../client/seen-store.ts';

/** What one mark says of a terminal: what its agent is seen to do; null for a shell, and where nothing is going on. */
export function terminalStatus(
  terminal: Pick<Terminal, 'id' | 'activity' | 'exit'>,
  seen: Readonly<Record<string, number>>,
): Status | null {
  const state = terminal.activity?.state;
  if (!state || state === 'idle' || terminal.exit) return null;
  return state === 'done' && !isActivityUnread(terminal, seen) ? null : state;
}
