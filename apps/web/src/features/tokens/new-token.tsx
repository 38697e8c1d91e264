import { useEffect, useRef } from 'react';
import { Button } from '@/ui/button.tsx';
import { CopyButton } from '@/ui/copy-button.tsx';

interface NewTokenProps {
  readonly name: string;
  readonly value: string;
  onDone(): void;
}

/** The value of a token that was just made: it stands here this once. */
export function NewToken({ name, value, onDone }: NewTokenProps) {
  const box = useRef<HTMLDivElement>(null);
  // The form that was sent stood further down: on a phone this would be out of sight.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'center' });
    box.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div
      ref={box}
      role="status"
      tabIndex={-1}
      className="flex flex-col gap-2 rounded-ui border border-accent p-3 outline-none"
    >
      <p>
        The token <strong>{name}</strong> is made. Copy it now: it is not shown again.
      </p>
      <code className="overflow-x-auto rounded-small bg-field px-2 py-1.5 font-mono text-small break-all select-all">
        {value}
      </code>
      <div className="flex gap-2">
        <CopyButton text={value} variant="primary">
          Copy the token
        </CopyButton>
        <Button variant="ghost" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  );
}
