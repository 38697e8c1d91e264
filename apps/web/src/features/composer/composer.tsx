import './composer.css';
import type { Session } from '@farhand/shared/model/sessions';
import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, memo, type RefObject, useId } from 'react';
import { flushSync } from 'react-dom';
import { useConnection } from '@/client/connection-store.ts';
import { Button } from '@/ui/button.tsx';
import { completeMention } from './completion.ts';
import { MESSAGE_LIMIT } from './draft.ts';
import { FileList } from './file-list.tsx';
import { InlineError } from './inline-error.tsx';
import { ModelSelect } from './model-select.tsx';
import { NoModel } from './no-model.tsx';
import { backToDraft, isTurnOpen } from './queue.ts';
import { useQueued } from './queue-store.ts';
import { Queued } from './queued.tsx';
import { useDraft } from './use-draft.ts';
import { useFileMention } from './use-file-mention.ts';
import { useModel } from './use-model.ts';
import { useSend } from './use-send.ts';

interface ComposerProps {
  readonly session: Session;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

/**
 * Where a person writes to an agent: Enter sends, Shift+Enter breaks the line, `@` names a file. Not drawn again with
 * the transcript beside it.
 */
export const Composer = memo(function Composer({ session, input }: ComposerProps) {
  const [text, setText] = useDraft(session.id);
  const model = useModel(session);
  const sending = useSend(session);
  const mentions = useFileMention(session.workspaceId);
  const listId = useId();

  const submit = async () => {
    if (!(await sending.send(text, model.ref))) return;
    setText('');
    mentions.close();
  };
  const choose = (path: string) => {
    if (!mentions.offer) return;
    const done = completeMention(text, mentions.offer.mention, path);
    // At once: the next key may come before the next frame.
    flushSync(() => setText(done.text));
    mentions.close();
    input.current?.setSelectionRange(done.caret, done.caret);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (mentions.offer && onOfferKey(event, mentions, choose)) return;
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void submit();
  };

  return (
    <div className="relative mx-auto w-full max-w-[820px] px-4 pb-3">
      {model.isNone && <NoModel />}
      {sending.error && <InlineError error={sending.error} onClose={sending.clearError} />}
      <Queued sessionId={session.id} onEdit={(queued) => setText(backToDraft(text, queued))} />
      <div className="composer relative">
        {mentions.offer && <FileList id={listId} offer={mentions.offer} onChoose={choose} />}
        <div className="composer-grow" data-text={text}>
          <textarea
            ref={input}
            rows={1}
            value={text}
            maxLength={MESSAGE_LIMIT}
            aria-label="Message to the agent"
            aria-autocomplete="list"
            {...(mentions.offer && {
              'aria-controls': listId,
              'aria-activedescendant': `${listId}-${mentions.offer.active}`,
            })}
            placeholder={
              isTurnOpen(session.state)
                ? 'Queue a message for the end of this turn'
                : 'Ask for a change; @ names a file'
            }
            className="composer-text"
            onChange={({ target }) => {
              setText(target.value);
              mentions.look(target.value, target.selectionStart);
            }}
            onSelect={({ currentTarget }) => mentions.look(currentTarget.value, currentTarget.selectionStart)}
            onBlur={mentions.close}
            onKeyDown={onKeyDown}
          />
        </div>
        <div className="flex items-center gap-2 pr-1.5 pb-1.5 pl-2">
          <ModelSelect model={model} />
          <Actions
            session={session}
            sending={sending}
            canSend={text.trim() !== '' && model.ref !== null}
            onSend={() => void submit()}
          />
        </div>
      </div>
    </div>
  );
});

interface ActionsProps {
  readonly session: Session;
  readonly sending: ReturnType<typeof useSend>;
  readonly canSend: boolean;
  onSend(): void;
}

function Actions({ session, sending, canSend, onSend }: ActionsProps) {
  const isConnected = useConnection((state) => state.connection.state === 'connected');
  const isWorking = isTurnOpen(session.state);
  const hasQueued = useQueued(session.id) !== undefined;
  return (
    <div className="ml-auto flex items-center gap-1.5">
      {isWorking && (
        <Button
          size="small"
          className="phone:h-9 phone:px-3"
          disabled={sending.isStopping || !isConnected}
          onClick={() => void sending.stop()}
          title="Esc twice"
        >
          <Square className="size-2.5 fill-current" aria-hidden />
          {sending.isStopping ? 'Stopping' : 'Stop'}
        </Button>
      )}
      <Button
        variant="primary"
        size="small"
        aria-label={isWorking ? 'Queue' : 'Send'}
        title={isWorking ? 'Queue (Enter)' : 'Send (Enter)'}
        disabled={!canSend || sending.isSending || !isConnected || hasQueued}
        onClick={onSend}
        className="phone:h-9 phone:px-3"
      >
        <ArrowUp className="size-4" aria-hidden />
      </Button>
    </div>
  );
}

function onOfferKey(
  event: KeyboardEvent,
  mentions: ReturnType<typeof useFileMention>,
  choose: (path: string) => void,
): boolean {
  const { offer } = mentions;
  if (!offer) return false;
  if (event.key === 'ArrowDown') mentions.move(1);
  else if (event.key === 'ArrowUp') mentions.move(-1);
  else if (event.key === 'Escape') mentions.close();
  else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey))
    choose(offer.paths[offer.active] ?? '');
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
