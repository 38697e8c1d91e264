import './composer.css';
import type { Session } from '@farhand/shared/model/sessions';
import { type KeyboardEvent, memo, type RefObject, useId } from 'react';
import { flushSync } from 'react-dom';
import { BUILTIN_AGENT } from '@/client/ids.ts';
import { useControls } from '@/client/state-store.ts';
import { cx } from '@/ui/cx.ts';
import { CommandList } from './command-list.tsx';
import { ComposerActions } from './composer-actions.tsx';
import { ContextMeter } from './context-meter.tsx';
import { isPlanMode } from './control-groups.ts';
import { ControlsBar } from './controls-bar.tsx';
import { MESSAGE_LIMIT } from './draft.ts';
import { FileList } from './file-list.tsx';
import { ImageChips } from './image-chips.tsx';
import { ImageProblem } from './image-problem.tsx';
import { InlineError } from './inline-error.tsx';
import { LoginBanner } from './login-banner.tsx';
import { NoModel } from './no-model.tsx';
import { isTurnOpen } from './queue.ts';
import { QueuedList } from './queued-list.tsx';
import { isSameForComposer } from './same-session.ts';
import { useDraft } from './use-draft.ts';
import { useImageDrop } from './use-image-drop.ts';
import { useModel } from './use-model.ts';
import { type Completed, useOffers } from './use-offers.ts';
import { useSend } from './use-send.ts';

interface ComposerProps {
  readonly session: Session;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

/**
 * Where a person writes to an agent: Enter sends, Shift+Enter breaks the line, `@` names a file, `/` a command, pictures
 * are pasted or dropped. Not drawn again with the transcript beside it.
 */
export const Composer = memo(function Composer({ session, input }: ComposerProps) {
  const isBuiltin = session.agent === BUILTIN_AGENT;
  const controls = useControls(session.id);
  const [text, setText] = useDraft(session.id);
  const model = useModel(session);
  const sending = useSend(session);
  const offers = useOffers({ workspaceId: session.workspaceId, controls });
  const drop = useImageDrop(session, controls?.canAttachImages ?? isBuiltin);
  const listId = useId();

  const canSend = text.trim() !== '' && !(isBuiltin && model.isNone);
  const submit = async (notBefore: string | null) => {
    if (!canSend) return;
    const attachments = drop.images.map(({ url, name }) => ({ kind: 'image' as const, url, name }));
    const chosen = isBuiltin ? model.known : async () => null;
    if (!(await sending.send({ text, model: chosen, attachments, notBefore }))) return;
    // What was written while it went stays.
    setText((now) => (now === text ? '' : now));
    drop.clear();
    offers.close();
  };
  const put = (done: Completed | null) => {
    if (!done) return;
    // At once: the next key may come before the next frame.
    flushSync(() => setText(done.text));
    offers.close();
    input.current?.setSelectionRange(done.caret, done.caret);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || offers.onKey(event, text, put)) return;
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    // With nothing written, Ctrl+Enter is for the question above.
    if ((event.ctrlKey || event.metaKey) && text.trim() === '') return;
    event.preventDefault();
    void submit(null);
  };

  return (
    <div className="relative mx-auto w-full max-w-[820px] px-4 pb-3">
      {isBuiltin && model.isNone && <NoModel />}
      <LoginBanner session={session} />
      {sending.error && <InlineError error={sending.error} onClose={sending.clearError} />}
      <ImageProblem text={drop.problem} onClose={drop.clearProblem} />
      <QueuedList session={session} />
      <div
        className={cx('composer relative', controls && isPlanMode(controls) && 'composer-plan')}
        {...drop.target}
      >
        {offers.files && (
          <FileList
            id={listId}
            offer={offers.files}
            onChoose={(path) => put(offers.completeFile(text, path))}
          />
        )}
        {offers.commands && (
          <CommandList
            id={listId}
            offer={offers.commands}
            onChoose={(command) => put(offers.completeCommand(text, command))}
          />
        )}
        <ImageChips images={drop.images} onRemove={drop.remove} />
        <div className="composer-grow" data-text={text}>
          <textarea
            ref={input}
            rows={1}
            value={text}
            maxLength={MESSAGE_LIMIT}
            aria-label="Message to the agent"
            aria-autocomplete="list"
            {...(offers.active !== null && {
              'aria-controls': listId,
              'aria-activedescendant': `${listId}-${offers.active}`,
            })}
            placeholder={placeholder(session, (controls?.commands.length ?? 0) > 0)}
            className="composer-text"
            onChange={({ target }) => {
              setText(target.value);
              offers.look(target.value, target.selectionStart);
            }}
            onSelect={({ currentTarget }) => offers.look(currentTarget.value, currentTarget.selectionStart)}
            onBlur={offers.close}
            onKeyDown={onKeyDown}
            onPaste={drop.onPaste}
          />
        </div>
        <div className="composer-bar">
          <ControlsBar session={session} model={model} />
          <div className="ml-auto flex flex-wrap items-center justify-end gap-1">
            <ContextMeter session={session} />
            <ComposerActions
              session={session}
              sending={sending}
              canSend={canSend}
              onImages={drop.canAttach ? drop.add : null}
              onSend={(notBefore) => void submit(notBefore)}
            />
          </div>
        </div>
      </div>
    </div>
  );
}, isSameComposer);

// A session changes with every event of its transcript; what the composer shows of it seldom does.
function isSameComposer(a: ComposerProps, b: ComposerProps): boolean {
  return a.input === b.input && isSameForComposer(a.session, b.session);
}

function placeholder(session: Session, hasCommands: boolean): string {
  if (isTurnOpen(session.state)) return 'Queue a message for the end of this turn';
  return hasCommands ? 'Ask for a change; @ file, / command' : 'Ask for a change; @ names a file';
}
