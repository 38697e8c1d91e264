import type { SessionId } from '@farhand/shared/model/ids';
import { Pencil, X } from 'lucide-react';
import { Button, IconButton } from '@/ui/button.tsx';
import { releaseQueued, setQueued, useQueued } from './queue-store.ts';

const LABELS = {
  waiting: 'Sent when the turn ends',
  sending: 'Sending',
  held: 'Held: the turn failed',
  unsure: 'Perhaps sent already: look above',
} as const;

/** The message that waits for the turn's end, above the composer. `onEdit` gets its text back. */
export function Queued({ sessionId, onEdit }: { readonly sessionId: SessionId; onEdit(text: string): void }) {
  const entry = useQueued(sessionId);
  if (!entry) return null;
  const { text, state } = entry.queue;
  const take = (use: (text: string) => void) => {
    setQueued(sessionId, null);
    use(text);
  };
  return (
    <div className="mb-1 flex items-center gap-2 rounded-ui border border-dashed border-hairline-strong px-3 py-1">
      <span className="shrink-0 text-small text-text-3">{entry.error?.message ?? LABELS[state]}</span>
      <span className="min-w-0 flex-1 truncate text-text-2">{text}</span>
      {(state === 'held' || state === 'unsure') && (
        <Button size="small" onClick={() => releaseQueued(sessionId)}>
          Send now
        </Button>
      )}
      {state !== 'sending' && (
        <>
          <IconButton label="Edit the queued message" onClick={() => take(onEdit)}>
            <Pencil className="size-3.5" aria-hidden />
          </IconButton>
          <IconButton label="Remove the queued message" onClick={() => take(() => undefined)}>
            <X className="size-3.5" aria-hidden />
          </IconButton>
        </>
      )}
    </div>
  );
}
