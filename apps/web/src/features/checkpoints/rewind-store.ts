import type { RewindTarget, RewindWhat } from '@farhand/shared/model/checkpoints';
import type { SessionId } from '@farhand/shared/model/ids';
import { createStore } from 'zustand/vanilla';
import { call } from '@/client/call.ts';
import { showError, showNote } from '@/ui/toast.tsx';

interface Asked {
  readonly sessionId: SessionId;
  readonly to: RewindTarget;
  readonly what: RewindWhat;
}

/** The rewind that a person looks at; outside the rows, which come and go with scrolling. */
export const rewindStore = createStore<{ readonly asked: Asked | null }>(() => ({ asked: null }));

export const askRewind = (asked: Asked): void => rewindStore.setState({ asked });

/** The focus goes back to where it was asked for, if that is still drawn: the menu that it was asked in is gone. */
export function closeRewind(): void {
  const to = rewindStore.getState().asked?.to;
  rewindStore.setState({ asked: null });
  if (to === undefined) return;
  setTimeout(() => document.querySelector<HTMLElement>(`[data-rewind="${to}"]`)?.focus());
}

/** What a rewind did, in words. */
function doneText(what: RewindWhat, files: number): string {
  const changed = files === 1 ? '1 file was put back' : `${files} files were put back`;
  if (what === 'files') return `${changed}.`;
  if (what === 'conversation') return 'The conversation was taken back.';
  return `${changed}, and the conversation was taken back.`;
}

/** Goes back, and offers to undo it. Throws `ApiError`. */
export async function rewind({ sessionId, to, what }: Asked, force: boolean): Promise<void> {
  const { undo, files, left } = await call('checkpoint.rewind', { sessionId, to, what, force });
  const rest =
    left.length > 0
      ? `Left as they were: ${left.slice(0, 3).join(', ')}${left.length > 3 ? ' …' : ''}`
      : null;
  showNote(doneText(what, files), rest, {
    label: 'Undo',
    run: () => void undoRewind({ sessionId, to: undo, what }),
  });
}

/** Takes a rewind back. Where somebody changed files since, it is shown what that would cost. */
async function undoRewind(asked: Asked): Promise<void> {
  try {
    await call('checkpoint.rewind', { ...asked, force: false });
    showNote('The rewind was undone.');
  } catch (thrown) {
    if (isConflict(thrown)) askRewind(asked);
    else showError('The rewind was not undone', thrown);
  }
}

const isConflict = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'checkpoint.conflict';
