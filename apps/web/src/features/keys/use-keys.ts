import { useEffect } from 'react';
import { chordOf } from './chord.ts';
import { runCommand } from './commands.ts';
import { COMMAND_IDS, type CommandId, KEYMAP, TERMINAL_COMMANDS } from './keymap.ts';

const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform);

const BY_CHORD: ReadonlyMap<string, CommandId> = new Map(
  COMMAND_IDS.flatMap((id) => (KEYMAP[id].keys === null ? [] : [[KEYMAP[id].keys, id] as const])),
);

const isInTerminal = (target: Element) => target.closest('.xterm, [data-keys="terminal"]') !== null;
const isWriting = (target: Element) =>
  target.closest('input, textarea, select, [contenteditable="true"]') !== null;
const isModal = () => document.querySelector('[role="dialog"][data-state="open"]') !== null;

/** The command that a key press asks for, or null where the key belongs to what has the focus. */
function commandOf(event: KeyboardEvent): CommandId | null {
  const chord = chordOf(event, isMac);
  const id = chord === null ? undefined : BY_CHORD.get(chord);
  if (!chord || !id) return null;
  const target = event.target instanceof Element ? event.target : document.body;
  if (isInTerminal(target)) return TERMINAL_COMMANDS.has(id) ? id : null;
  if (isWriting(target) && !/^(?:mod|alt)\+/.test(chord)) return null;
  // Behind an open dialog nothing should move; the palette alone closes itself by its own key.
  if (isModal() && id !== 'palette.open') return null;
  return id;
}

/** Runs commands by their keys, anywhere in the window. Once, at the top of the page. */
export function useKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing || event.repeat) return;
      const id = commandOf(event);
      if (id === null || !runCommand(id)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // In the capture phase: xterm and dockview stop keys that they take for theirs.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
