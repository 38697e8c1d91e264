import { useState } from 'react';
import { Button, type ButtonLook } from './button.tsx';
import { copyText } from './copy.ts';

const SHOWN_MS = 1500;

/** A button that copies `text` and says so. */
export function CopyButton({
  text,
  children,
  ...look
}: ButtonLook & { readonly text: string; readonly children: string; readonly className?: string }) {
  const [answer, setAnswer] = useState<string | null>(null);
  const copy = async () => {
    setAnswer((await copyText(text)) ? 'Copied' : 'Not allowed here');
    setTimeout(() => setAnswer(null), SHOWN_MS);
  };
  return (
    <Button {...look} onClick={() => void copy()}>
      <span aria-live="polite">{answer ?? children}</span>
    </Button>
  );
}
