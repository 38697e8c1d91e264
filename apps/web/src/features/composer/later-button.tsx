import { Clock } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '@/ui/button.tsx';
import { Field, Input } from '@/ui/field.tsx';
import { fieldTime, laterChoices, laterTime, whenText } from './queue-text.ts';

interface LaterButtonProps {
  readonly isDisabled: boolean;
  /** With an ISO time that is still to come. */
  onChoose(notBefore: string): void;
}

/** Sends the message at a time, not now. */
export function LaterButton({ isDisabled, onChoose }: LaterButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const choose = (notBefore: string) => {
    setIsOpen(false);
    onChoose(notBefore);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <IconButton label="Send later…" disabled={isDisabled} className="phone:size-11">
          <Clock className="size-3.5" aria-hidden />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Send later"
          className="z-50 w-64 rounded-ui bg-raised p-3 shadow-float"
        >
          <LaterForm onChoose={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function LaterForm({ onChoose }: Pick<LaterButtonProps, 'onChoose'>) {
  const [now] = useState(() => Date.now());
  const choices = laterChoices(now);
  const [value, setValue] = useState(() => fieldTime(choices[0]?.at ?? new Date(now)));
  const [isWrong, setIsWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const at = laterTime(value, Date.now());
    setIsWrong(at === null);
    if (at !== null) onChoose(at);
  };
  return (
    <form className="flex flex-col gap-2" onSubmit={submit}>
      <div className="flex flex-col">
        {choices.map(({ label, at, isTimeSaid }) => (
          <button
            key={label}
            type="button"
            className="flex min-h-7 items-center justify-between gap-3 rounded-small px-2 text-left hover:bg-hover phone:min-h-11"
            onClick={() => onChoose(at.toISOString())}
          >
            {label}
            {!isTimeSaid && (
              <span className="text-small text-text-3 tabular-nums">{whenText(at.toISOString(), now)}</span>
            )}
          </button>
        ))}
      </div>
      <Field label="Or at" error={isWrong ? { message: 'Choose a time that is still to come.' } : null}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={value}
            onChange={({ target }) => setValue(target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" className="phone:h-11">
        Send then
      </Button>
    </form>
  );
}
