import type { QueuedMessage } from '@farhand/shared/model/queue';
import { type KeyboardEvent, useId, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Input, Textarea } from '@/ui/field.tsx';
import { MESSAGE_LIMIT } from './draft.ts';
import { fieldTime, laterTime } from './queue-text.ts';

interface QueuedEditProps {
  readonly message: QueuedMessage;
  readonly isUnderWay: boolean;
  onSave(text: string, notBefore: string | null): void;
  onClose(): void;
}

// It was asked for by a key or a click: the hand is on the way to the text.
const focus = (element: HTMLElement | null) => element?.focus();

/** Another text or time for a queued message: Enter saves, Esc leaves it as it is. */
export function QueuedEdit({ message, isUnderWay, onSave, onClose }: QueuedEditProps) {
  const [text, setText] = useState(message.text);
  const [time, setTime] = useState(message.notBefore === null ? '' : fieldTime(new Date(message.notBefore)));
  const timeId = useId();
  const save = () => {
    if (text.trim() !== '') onSave(text, laterTime(time, Date.now()));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && !event.shiftKey) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="flex flex-col gap-2 py-1">
      <Textarea
        ref={focus}
        aria-label="Queued message"
        rows={Math.min(8, text.split('\n').length + 1)}
        maxLength={MESSAGE_LIMIT}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={timeId} className="text-small text-text-3">
          Not before
        </label>
        <Input
          id={timeId}
          type="datetime-local"
          className="w-auto"
          value={time}
          onChange={({ target }) => setTime(target.value)}
        />
        <span className="ml-auto flex gap-2">
          <Button
            variant="primary"
            className="phone:h-11"
            disabled={isUnderWay || text.trim() === ''}
            onClick={save}
          >
            Save
          </Button>
          <Button className="phone:h-11" onClick={onClose}>
            Cancel
          </Button>
        </span>
      </div>
    </div>
  );
}
