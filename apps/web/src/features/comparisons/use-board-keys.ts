import { type RefObject, useRef } from 'react';
import { useCommand } from '../keys/commands.ts';

interface BoardKeys {
  /** The variants in the order in which they are shown. */
  readonly ids: readonly string[];
  readonly active: string | null;
  onMove(id: string): void;
  onOpen(): void;
  onKeep(): void;
}

/** Answers the keys of the board: j and k move the focus, o opens, Shift+K keeps. Give the ref to the list of rows. */
export function useBoardKeys({
  ids,
  active,
  onMove,
  onOpen,
  onKeep,
}: BoardKeys): RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  const move = (step: 1 | -1) => {
    const rows = list.current;
    // The first key goes to the first row; only from a row it goes on.
    const isIn = rows?.contains(document.activeElement) === true;
    const at = active === null ? 0 : ids.indexOf(active);
    const next = ids[isIn ? Math.min(ids.length - 1, Math.max(0, at + step)) : Math.max(0, at)];
    if (next === undefined) return;
    onMove(next);
    rows?.querySelector<HTMLElement>(`[data-variant="${CSS.escape(next)}"]`)?.focus();
  };
  useCommand('comparison.next', () => move(1));
  useCommand('comparison.previous', () => move(-1));
  useCommand('comparison.open', onOpen);
  useCommand('comparison.keep', onKeep);
  return list;
}
