import { useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';

interface SureButtonProps {
  /** What it says at first, as `Remove`. */
  readonly verb: string;
  /** What it takes away, read aloud beside the verb. */
  readonly name: string;
  /** Said once it was pressed, as `Remove it?`. */
  readonly question?: string;
  /** What it then says; the verb where absent. */
  readonly sureVerb?: string;
  /** Read aloud in place of `sureVerb`. */
  readonly sureLabel?: string;
  readonly isDisabled?: boolean;
  onSure(): void;
}

/** Takes something away, once a person has said so twice; the focus goes along, first to what takes nothing away. */
export function SureButton({
  verb,
  name,
  question,
  sureVerb = verb,
  sureLabel,
  isDisabled,
  onSure,
}: SureButtonProps) {
  const [isAsked, setIsAsked] = useState(false);
  const wasAsked = useRef(false);
  const first = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsked) keep.current?.focus();
    else if (wasAsked.current) first.current?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  if (!isAsked)
    return (
      <Button
        ref={first}
        size="small"
        variant="ghost"
        className="phone:h-11"
        aria-label={`${verb} ${name}`}
        disabled={isDisabled}
        onClick={() => setIsAsked(true)}
      >
        {verb}
      </Button>
    );
  return (
    <>
      {question && <span className="text-small text-text-2">{question}</span>}
      <Button
        size="small"
        variant="danger"
        className="phone:h-11"
        aria-label={sureLabel}
        disabled={isDisabled}
        onClick={() => {
          setIsAsked(false);
          onSure();
        }}
      >
        {sureVerb}
      </Button>
      <Button
        ref={keep}
        size="small"
        className="phone:h-11"
        aria-label={`Keep ${name}`}
        onClick={() => setIsAsked(false)}
      >
        Keep
      </Button>
    </>
  );
}
