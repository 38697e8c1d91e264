import { createContext, useCallback, useContext, useState } from 'react';

/** What the reader opened or closed by hand, by row; rows out of sight are unmounted and must remember it. */
export type Opened = Map<string, boolean>;

const byTranscript = new Map<string, Opened>();

/** What was opened in one transcript, for as long as the page lives. */
export function openedIn(transcript: string): Opened {
  const opened = byTranscript.get(transcript) ?? new Map<string, boolean>();
  byTranscript.set(transcript, opened);
  return opened;
}

interface OpenedContext {
  readonly opened: Opened;
  /** Called before a row changes its height by the reader's hand. */
  onToggle(): void;
}

/** Provided by the transcript. */
export const OpenedContext = createContext<OpenedContext>({ opened: new Map(), onToggle: () => undefined });

/** Whether a row is open, and how to turn that round. */
export function useOpened(key: string, isOpenAtFirst: boolean): readonly [boolean, () => void] {
  const { opened, onToggle } = useContext(OpenedContext);
  const [, redraw] = useState(0);
  const isOpen = opened.get(key) ?? isOpenAtFirst;
  const toggle = useCallback(() => {
    onToggle();
    opened.set(key, !isOpen);
    redraw((count) => count + 1);
  }, [opened, onToggle, key, isOpen]);
  return [isOpen, toggle];
}
