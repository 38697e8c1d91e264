import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '@/ui/button.tsx';
import { copyText } from '@/ui/copy.ts';

// Long enough to be read, short enough to copy again soon.
const SHOWN_MS = 1500;

/** Copies `text()`; shows for a moment that it did. */
export function CopyButton({
  text,
  label = 'Copy',
  className,
}: {
  readonly text: () => string;
  readonly label?: string;
  readonly className?: string;
}) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => setIsCopied(await copyText(text()));
  return (
    <IconButton
      label={isCopied ? 'Copied' : label}
      onClick={() => void copy()}
      {...(className !== undefined && { className })}
    >
      {isCopied ? <Check className="size-3.5" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}
    </IconButton>
  );
}
