import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** What one mark says of a workspace or a session. */
export type Status = 'working' | 'blocked' | 'done' | 'failed' | 'idle' | 'contact_lost';

const MARKS: Readonly<Record<Status, { name: string; colour: string; shape: ReactNode }>> = {
  working: {
    name: 'Working',
    colour: 'text-working',
    shape: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  },
  blocked: {
    name: 'Needs you',
    colour: 'text-blocked',
    shape: (
      <>
        <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="currentColor" />
      </>
    ),
  },
  done: {
    name: 'Done',
    colour: 'text-done',
    shape: (
      <path
        d="M1.75 6.5 4.75 9.5 10.25 3"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    ),
  },
  failed: {
    name: 'Failed',
    colour: 'text-failed',
    shape: <rect x="2.25" y="2.25" width="7.5" height="7.5" rx="1" fill="currentColor" />,
  },
  idle: {
    name: 'Idle',
    colour: 'text-idle',
    shape: <circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  },
  contact_lost: {
    name: 'Contact lost',
    colour: 'text-lost',
    shape: (
      <path
        d="M6 1.5 10.5 6 6 10.5 1.5 6z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    ),
  },
};

/**
 * One still shape and one colour per status, readable without the colour. `label` replaces the status's name; empty
 * where a text beside it says the same.
 */
export function StatusMark({
  status,
  label,
  className,
}: {
  readonly status: Status;
  readonly label?: string;
  readonly className?: string;
}) {
  const { name, colour, shape } = MARKS[status];
  return (
    <svg
      viewBox="0 0 12 12"
      {...(label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label ?? name })}
      className={cx('size-3 shrink-0', colour, className)}
    >
      {shape}
    </svg>
  );
}
