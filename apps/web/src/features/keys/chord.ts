/** The part of a keyboard event that says which chord was pressed. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * The chord of a key press as `mod+alt+shift+key`, or null for a modifier alone. `mod` is ⌘ on a Mac and Ctrl
 * elsewhere; a Mac's own Ctrl is `ctrl`.
 */
export function chordOf(press: KeyPress, isMac: boolean): string | null {
  if (['Control', 'Meta', 'Alt', 'Shift', 'Dead', 'Unidentified', 'Process'].includes(press.key)) return null;
  const key = keyOf(press);
  const isMod = isMac ? press.metaKey : press.ctrlKey;
  const isOther = isMac ? press.ctrlKey : press.metaKey;
  // `?` is Shift and another key on most keyboards; the sign itself is what counts.
  const isShift = press.shiftKey && !(key.length === 1 && !/[a-z0-9]/.test(key) && !isMod);
  const modifiers = [
    isMod && 'mod',
    isOther && (isMac ? 'ctrl' : 'meta'),
    press.altKey && 'alt',
    isShift && 'shift',
  ];
  return [...modifiers.filter(Boolean), key].join('+');
}

// With Alt or a foreign layout, `key` is another letter (`˜` for Alt+N on a Mac); the key's place tells which was meant.
function keyOf({ key, code, altKey, ctrlKey, metaKey }: KeyPress): string {
  const place = /^(?:Key|Digit)(?<sign>[A-Z0-9])$/.exec(code)?.groups?.sign;
  const isForeign = key.length === 1 && key.charCodeAt(0) > 0x7f;
  if (place && (altKey || ((ctrlKey || metaKey) && (isForeign || /\d/.test(place)))))
    return place.toLowerCase();
  return key === ' ' ? 'space' : key.toLowerCase();
}
