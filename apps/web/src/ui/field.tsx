import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import { Hint } from './hint.tsx';

const BOX =
  'w-full rounded-ui border border-hairline-strong bg-field px-2 text-ui text-text placeholder:text-text-3 ' +
  'hover:border-text-3 focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent-text ' +
  'disabled:opacity-50 aria-invalid:border-failed phone:text-title';

/** A line of text to type; put it into a `Field`, which names it. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input autoComplete="off" spellCheck={false} {...rest} className={cx(BOX, 'h-7 phone:h-11', className)} />
  );
}

/** Several lines of text to type; put it into a `Field`, which names it. */
export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={cx(BOX, 'block resize-none py-1.5', className)} />;
}

/** What `Field` gives to the control inside it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value, and below it what to do. */
  readonly error?: { readonly message: string; readonly hint?: string | null | undefined } | null | undefined;
  /** Stands at the right of the label. */
  readonly aside?: ReactNode;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A control with its label, its hint and what is wrong with it, tied together for screen readers. */
export function Field({ label, hint, error, aside, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = Boolean(error ?? hint);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-small font-medium text-text-2">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': hasNote ? noteId : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {hasNote && (
        <div id={noteId} className="text-small text-text-3" role={error ? 'alert' : undefined}>
          {error ? (
            <>
              <p className="text-failed">{error.message}</p>
              {error.hint && (
                <p className="text-text-2">
                  <Hint text={error.hint} />
                </p>
              )}
            </>
          ) : (
            hint
          )}
        </div>
      )}
    </div>
  );
}
