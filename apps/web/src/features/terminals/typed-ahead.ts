import { isReport } from './replay.ts';

/** Enough for a command or two; more is not typed by hand, and would run unseen. */
export const TYPED_AHEAD_LIMIT = 1000;

/** What was typed while the host is out of contact; it is sent once the terminal is attached again. */
export interface TypedAhead {
  readonly text: string;
  /** True once something was refused because there was no room for it. */
  readonly isFull: boolean;
}

export const NOTHING_TYPED: TypedAhead = { text: '', isFull: false };

// Clicks and the wheel in a program that takes the mouse: they were meant for a screen that is no more.
const MOUSE = /^\u001b\[(?:M|<)/;

/** With `text` after what waits already; what does not fit is refused as a whole. */
export function typeAhead(before: TypedAhead, text: string): TypedAhead {
  if (isReport(text) || MOUSE.test(text)) return before;
  if (before.isFull || before.text.length + text.length > TYPED_AHEAD_LIMIT)
    return { ...before, isFull: true };
  return { text: before.text + text, isFull: false };
}
