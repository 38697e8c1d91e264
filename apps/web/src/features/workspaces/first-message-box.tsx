import type { WorkspaceId } from '@farhand/shared/model/ids';
import { Button } from '@/ui/button.tsx';
import { Textarea } from '@/ui/field.tsx';
import { Kbd } from '@/ui/kbd.tsx';
import { setFirstMessage, useFirstMessage } from './first-message.ts';

/** Takes the first message while the workspace is made; it is sent when the workspace is ready. */
export function FirstMessageBox({
  workspaceId,
  hasFailed,
}: {
  readonly workspaceId: WorkspaceId;
  readonly hasFailed: boolean;
}) {
  const { text, isQueued } = useFirstMessage(workspaceId);
  const queue = () => text.trim() !== '' && setFirstMessage(workspaceId, { text, isQueued: true });
  if (isQueued) {
    return (
      <div className="flex flex-col gap-2 rounded-ui border border-hairline bg-pane p-3">
        <div className="flex items-center gap-2">
          <output className="flex-1 text-small text-text-3">
            {hasFailed
              ? 'Kept. It is sent when a retry makes the workspace.'
              : 'Is sent when the workspace is ready.'}
          </output>
          <Button
            size="small"
            variant="ghost"
            onClick={() => setFirstMessage(workspaceId, { text, isQueued: false })}
          >
            Edit
          </Button>
        </div>
        <p className="max-h-40 overflow-y-auto text-read whitespace-pre-wrap text-text">{text}</p>
      </div>
    );
  }
  return (
    <div className="flex flex-col rounded-ui border border-hairline-strong bg-field focus-within:border-accent-text">
      <Textarea
        aria-label="First message to the agent"
        placeholder="What should the agent do first?"
        rows={3}
        value={text}
        className="border-0 bg-transparent px-3 py-2 text-read focus-visible:outline-none"
        onChange={(event) => setFirstMessage(workspaceId, { text: event.target.value, isQueued: false })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          queue();
        }}
      />
      <div className="flex items-center gap-2 px-2 pb-2 pl-3">
        <span className="flex-1 text-small text-text-3 phone:invisible">
          <Kbd keys="shift+enter" /> new line
        </span>
        <Button variant="primary" disabled={text.trim() === ''} onClick={queue}>
          Send when ready
        </Button>
      </div>
    </div>
  );
}
