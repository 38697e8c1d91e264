import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';

interface FormButtonProps {
  readonly label: string;
  /** The form; `close` puts the button back in its place. */
  readonly children: (close: () => void) => ReactNode;
}

// Neither a choice that has its default, nor a file that opens a window of the system.
const FIRST_FIELD = 'input:not([type=radio], [type=file]), textarea';

/** A button that gives way to a form: the focus goes to its first field, and back to the button when it closes. */
export function FormButton({ label, children }: FormButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const wasOpen = useRef(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) place.current?.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
    else if (wasOpen.current) place.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    <div ref={place}>
      {isOpen ? (
        children(() => setIsOpen(false))
      ) : (
        <Button className="phone:h-11" onClick={() => setIsOpen(true)}>
          {label}
        </Button>
      )}
    </div>
  );
}
