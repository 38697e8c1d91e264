import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Tooltip } from './tooltip.tsx';

const VARIANTS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'bg-raised text-text border border-hairline-strong hover:bg-hover',
  ghost: 'text-text-2 hover:bg-hover hover:text-text',
  danger: 'bg-danger text-on-accent hover:bg-danger-hover',
} as const;

const SIZES = {
  small: 'h-6 px-2 text-small gap-1',
  medium: 'h-7 px-2.5 text-ui gap-1.5 phone:h-11 phone:px-4',
} as const;

/** How a button looks: one `primary` per view, `danger` for what loses work. */
export interface ButtonLook {
  readonly variant?: keyof typeof VARIANTS;
  readonly size?: keyof typeof SIZES;
}

/** A button with a text. `type` is `button` unless given. */
export function Button({
  variant = 'secondary',
  size = 'medium',
  className,
  ...rest
}: ComponentProps<'button'> & ButtonLook) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-ui font-medium whitespace-nowrap select-none phone:min-w-11',
        'disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50',
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
    />
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'children'> {
  /** Read aloud, and shown as the tooltip. */
  readonly label: string;
  /** Shown in the tooltip, as `mod+k`. */
  readonly keys?: string | undefined;
  readonly children: ReactNode;
}

/** A square button with an icon only. */
export function IconButton({ label, keys, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={cx(
          'inline-flex size-6 shrink-0 items-center justify-center rounded-ui text-text-3 hover:bg-hover hover:text-text',
          'disabled:pointer-events-none disabled:opacity-50 aria-pressed:text-text phone:size-11',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
