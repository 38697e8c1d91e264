import type { WorkspaceId } from '@farhand/shared/model/ids';
import { Button } from '@/ui/button.tsx';
import { setFirstMessage, useFirstMessage } from './first-message.ts';

/** A first message that a ready workspace has not been told: typed but not sent, or refused. */
export function UnsentMessage({ workspaceId }: { readonly workspaceId: WorkspaceId }) {
  const { text, isQueued } = useFirstMessage(workspaceId);
  if (text === '' || isQueued) return null;
  return (
    <section
      aria-label="Unsent message"
      className="flex shrink-0 items-center gap-3 border-b border-hairline bg-blocked-wash px-3 py-2"
    >
      <p className="min-w-0 flex-1 truncate text-small">
        <span className="text-text-2">Your first message was not sent: </span>
        <span title={text}>{text}</span>
      </p>
      <Button size="small" onClick={() => setFirstMessage(workspaceId, { text, isQueued: true })}>
        Send it
      </Button>
      <Button
        size="small"
        variant="ghost"
        onClick={() => setFirstMessage(workspaceId, { text: '', isQueued: false })}
      >
        Discard
      </Button>
    </section>
  );
}
